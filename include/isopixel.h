/* SPDX-License-Identifier: MIT */
/*
 * isopixel: bytes and images to arrays of one size, with the same bits everywhere. The C interface (C99).
 *
 * What the functions compute is defined by spec/SPEC.md; rules are cited as R-n. Conventions:
 *  - Sizes are in pixels, in the order height, width; counts are in the unit that the name says; strides are in bytes.
 *  - A pixel has `channels` interleaved uint8 samples, and the samples of a row follow each other without a gap.
 *    Rows and images may lie at any stride: negative, and for a source also 0. A planar image is a batch of images of
 *    one channel.
 *  - Functions that can fail return a status and have then changed nothing but what their text names.
 *    No exception crosses this interface, and nothing is printed.
 *  - Memory given to a function stays the caller's. A stream owns what it allocates until isopixel_stream_finish,
 *    which releases it.
 *  - A pointer may be null only if the text says so, or if it is that of 0 bytes of a source: an empty file is refused
 *    for being empty. Functions that return a status refuse another null with NULL; those that return a part of a
 *    recipe do not check.
 *  - Functions may be called from any thread; one stream by one thread at a time.
 */
#ifndef ISOPIXEL_H
#define ISOPIXEL_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define ISOPIXEL_API __attribute__((visibility("default")))
#else
#define ISOPIXEL_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum isopixel_status {
    ISOPIXEL_OK = 0,
    ISOPIXEL_NULL = 1,           /* a pointer is null */
    ISOPIXEL_UNKNOWN_METHOD = 2, /* no such method */
    ISOPIXEL_BAD_LAYOUT = 3,     /* a text that names no layout */
    ISOPIXEL_BAD_SIZE = 4,       /* a height, width or number of channels, images, bytes or threads is below 1 */
    ISOPIXEL_TOO_LARGE =
        5, /* sizes whose exact result is beyond 128-bit integers, or whose product is beyond the address space */
    ISOPIXEL_BAD_STRIDE = 6,         /* rows or images of the result would overlap */
    ISOPIXEL_NO_MEMORY = 7,          /* scratch memory could not be allocated */
    ISOPIXEL_TOO_MUCH = 8,           /* more was pushed than the image holds */
    ISOPIXEL_INCOMPLETE = 9,         /* the image ended early */
    ISOPIXEL_MID_ROW = 10,           /* rows were pushed while a row was incomplete */
    ISOPIXEL_NO_ROWS = 11,           /* a layout with rows=floor, and too few bytes for a row */
    ISOPIXEL_BAD_RECIPE = 12,        /* a line that is not a recipe, or of a newer version */
    ISOPIXEL_UNKNOWN_ISA = 13,       /* an instruction set that this CPU or this build does not have */
    ISOPIXEL_NOT_COVERED = 14,       /* channels or sizes that a method does not cover */
    ISOPIXEL_BAD_NORMALIZATION = 15, /* a mean or std that is not of R-29, or not for these channels */
    ISOPIXEL_BAD_PICTURE = 16,       /* a JPEG file that is broken, or that do not describe */
    ISOPIXEL_WRONG_SOURCE = 17,      /* bytes for a recipe of images, or an image for one of bytes */
    ISOPIXEL_BAD_IMAGE = 18,         /* an image that a recipe refuses: its channels, say, or a crop beyond it */
    ISOPIXEL_BAD_BYTES = 19,         /* bytes that a layout refuses: they end before its offset, or are not a listing */
    ISOPIXEL_LISTING = 20,           /* a layout with `unknown`: listings are read by recipes, and not by streams */
    ISOPIXEL_BAD_SOUND = 21,         /* a sound that or the layout refuse */
    ISOPIXEL_SOUND = 22              /* a layout of sounds: its image's size does not follow from a number of bytes */
} isopixel_status;

/* One sentence for a status, in English; never null. */
ISOPIXEL_API const char *isopixel_status_text(isopixel_status status);

/* The version, such as "0.1.0"; the compiler that built the library. */
ISOPIXEL_API const char *isopixel_version(void);
ISOPIXEL_API const char *isopixel_compiler(void);

/*
 * The instruction sets that this CPU and this build have, such as "scalar", "avx2": number `index`, counted from 0;
 * null after the last. The result of a resize is the same with each.
 */
ISOPIXEL_API const char *isopixel_isa_name(size_t index);

/*
 * The instruction set in use: the last of isopixel_isa_name, or the one that the environment variable ISOPIXEL_ISA
 * names. Null if that is none of them; every resize then fails with UNKNOWN_ISA.
 */
ISOPIXEL_API const char *isopixel_get_isa(void);

/* Uses another instruction set for what begins from now on, in all threads. Fails with NULL or UNKNOWN_ISA. */
ISOPIXEL_API isopixel_status isopixel_set_isa(const char *name);

/* What a method is; its strings stay where they are for ever. */
typedef struct isopixel_method {
    const char *name;                         /* as isopixel_resize accepts it; what it computes never changes */
    const char *library;                      /* "isopixel", "pillow", "opencv" or "torch" */
    const char *first_release, *last_release; /* of the library, that were measured to compute it; "" for isopixel */
    const char *filter;                       /* the library's filter, such as "bilinear-alpha" */
    const char *call;                         /* the call of the library that the method re-creates, on uint8 */
    int antialias; /* 1: every source pixel counts when an image shrinks; 0: the nearest 1, 2, 4 or 8 on each axis */
    int64_t channels[4];  /* the numbers of channels that it covers, then zeros; all from 1 on if the first is 0 */
    int64_t max_channels; /* the largest of these numbers; 0: any */
    int64_t max_side;     /* the longest height or width, of source and result; 0: only exactness sets a limit */
} isopixel_method;

/* The known methods and rules of layouts: number `index`, counted from 0; null after the last. */
ISOPIXEL_API const char *isopixel_method_name(size_t index);
ISOPIXEL_API const char *isopixel_layout_name(size_t index);

/* The method of a name; null if there is none. */
ISOPIXEL_API const isopixel_method *isopixel_method_info(const char *name);

typedef struct isopixel_size {
    int64_t height, width; /* pixels */
} isopixel_size;

typedef struct isopixel_strides {
    ptrdiff_t image, row; /* bytes from one image, or one row, to the next; not used if there is only one */
} isopixel_strides;

/*
 * Resizes `images` images of `in_size` pixels of `channels` samples, the first at `in`, to as many of `out_size` at
 * `out`, in up to `threads` threads, 1 being the caller's; fewer if a thread
 * cannot be had, or has too little to do. They end before the function does. Source and result may not overlap. Scratch
 * memory, for each thread: up to about 250 bytes for each sample of a result row, and less than 4 MiB; for methods
 * other than isopixel's own also about 150 bytes for each sample of a source row, and 90 for each sample of an axis.
 * For area, bicubic and bicubic-four-tap: about 40 bytes for each sample of an axis, and address space, which a stream
 * comes to use, for the source rows in which up to 19 neighbouring rows of the result have weight.
 * The caller's thread keeps up to 2 MiB of it until it ends, for its next resizes of the same sizes.
 * Fails with NULL, UNKNOWN_METHOD, BAD_SIZE (a size, or threads, below 1), TOO_LARGE, BAD_STRIDE, UNKNOWN_ISA or
 * NOT_COVERED, having written nothing, or with NO_MEMORY.
 */
ISOPIXEL_API isopixel_status isopixel_resize(const char *method, int64_t images, int64_t channels,
                                             isopixel_size in_size, const uint8_t *in, isopixel_strides in_strides,
                                             isopixel_size out_size, uint8_t *out, isopixel_strides out_strides,
                                             int threads);

/*
 * Writes the canonical text of a layout to `canonical`, or with BAD_LAYOUT a sentence that says what is wrong
 * with `text`, or with any other failure an empty text; each ends with a zero byte and is cut to `capacity` bytes, that
 * one included. (200 hold every canonical text.) `canonical` may be null. Fails with NULL, BAD_LAYOUT or NO_MEMORY.
 */
ISOPIXEL_API isopixel_status isopixel_layout_parse(const char *text, char *canonical, size_t capacity);

/*
 * The size and channels of the image that `n_bytes` bytes, or the part of them that the layout names, become (R-6, R-7,
 * Fails with NULL, BAD_LAYOUT, BAD_SIZE, BAD_BYTES (an offset that is not below n_bytes), LISTING,
 * SOUND (ask isopixel_sound_size), NO_ROWS, TOO_LARGE or NO_MEMORY.
 */
ISOPIXEL_API isopixel_status isopixel_layout_size(const char *layout, uint64_t n_bytes, isopixel_size *size,
                                                  int64_t *channels);

/* How the samples of a sound are written, those of all channels of a moment side by side, and where they lie. */
typedef struct isopixel_sound {
    int64_t rate; /* moments in a second; 1 … 768000 */
    int channels; /* 1 … 8 */
    int bits;     /* of a sample: 8 (from 0 to 255), 16, 24 or 32; of floats 32 or 64; the least byte first */
    int is_float; /* 1: floats, 0: integers */
    uint64_t offset, n_bytes; /* of the samples in a file; n_bytes is that of whole moments, and at least one */
} isopixel_sound;

/*
 * What a WAV file of `n_bytes` bytes, of which `head` has the first `n`, says of its samples. If these are too
 * few, it fails with INCOMPLETE, and sound->offset is how many to come with next: until the chunk before the samples.
 * `message` is as in isopixel_recipe_open. Fails with NULL, BAD_SOUND, INCOMPLETE or NO_MEMORY.
 */
ISOPIXEL_API isopixel_status isopixel_wav_info(const uint8_t *head, size_t n, uint64_t n_bytes, isopixel_sound *sound,
                                               char *message, size_t capacity);

/*
 * The size of the image that a sound becomes by a layout `logmel` or `logfft`. It has one channel.
 * `message` is as above. Fails with NULL, BAD_LAYOUT (also for layouts of bytes), BAD_SOUND (what no WAV file could
 * have, another rate, a channel that is not there, too few samples), TOO_LARGE or NO_MEMORY.
 */
ISOPIXEL_API isopixel_status isopixel_sound_size(const char *layout, const isopixel_sound *sound, isopixel_size *size,
                                                 char *message, size_t capacity);

/* A recipe, from its line; it never changes, and any number of threads may use it. */
typedef struct isopixel_recipe isopixel_recipe;

/* What it makes an array of: bytes in a layout, or an image. */
typedef enum isopixel_source { ISOPIXEL_BYTES = 0, ISOPIXEL_IMAGE = 1 } isopixel_source;

/*
 * Opens the recipe of a line, with or without a line end. Writes a sentence that says what is wrong with it, or an
 * empty text, to `message`, as isopixel_layout_parse does; `message` may be null. Fails with NULL, BAD_RECIPE or
 * NO_MEMORY; *recipe is then null.
 */
ISOPIXEL_API isopixel_status isopixel_recipe_open(isopixel_recipe **recipe, const char *line, char *message,
                                                  size_t capacity);

/* Releases a recipe, and its texts. A null recipe is not an error. */
ISOPIXEL_API void isopixel_recipe_close(isopixel_recipe *recipe);

/*
 * The canonical line; the source; the layout's canonical text, null for images; and their mode, null for bytes.
 */
ISOPIXEL_API const char *isopixel_recipe_line(const isopixel_recipe *recipe);
ISOPIXEL_API isopixel_source isopixel_recipe_source(const isopixel_recipe *recipe);
ISOPIXEL_API const char *isopixel_recipe_layout(const isopixel_recipe *recipe);
ISOPIXEL_API const char *isopixel_recipe_mode(const isopixel_recipe *recipe);

/* The channels of the source and the result. */
ISOPIXEL_API int64_t isopixel_recipe_channels(const isopixel_recipe *recipe);

/*
 * The size to which a layout's image is resized, and by which method, as streams are given them; 0, 0 and "bilinear" if
 * it is not resized. 0, 0 and null for images, which isopixel_recipe_place asks about.
 */
ISOPIXEL_API const char *isopixel_recipe_method(const isopixel_recipe *recipe);
ISOPIXEL_API isopixel_size isopixel_recipe_size(const isopixel_recipe *recipe);

/*
 * Writes the table of a recipe's normalisation to `table`, which holds 256 numbers for each channel.
 * Returns 1; or 0, having written nothing, for a recipe that does not normalise. `table` may be null.
 */
ISOPIXEL_API int isopixel_recipe_table(const isopixel_recipe *recipe, float *table);

/* The array of a result: float32 with the axes channel, row, column; or uint8 with row, column, channel. No gaps. */
typedef struct isopixel_result {
    isopixel_size size;
    int64_t channels;
    int is_float;
    size_t bytes;
} isopixel_result;

/*
 * What the `n_bytes` bytes at `data` become. They are looked at only if the layout has `unknown`, and they are the text
 * of a listing, which takes scratch memory of up to its length; or if it is one of sounds, and they are a WAV
 * file; else `data` may be null. `message` is as in isopixel_recipe_open. Fails with NULL, WRONG_SOURCE,
 * BAD_BYTES, BAD_SOUND, and as isopixel_layout_size, but not with LISTING or SOUND.
 */
ISOPIXEL_API isopixel_status isopixel_recipe_result_of_bytes(const isopixel_recipe *recipe, const uint8_t *data,
                                                             uint64_t n_bytes, isopixel_result *result, char *message,
                                                             size_t capacity);

/*
 * Makes the array of bytes, or of a listing, of which `out` has result.bytes bytes, in up to `threads` threads, as
 * isopixel_resize uses them. Scratch memory as for isopixel_recipe_result_of_bytes and isopixel_stream_begin_bytes; of
 * a result of float32 also its uint8 image. Fails like these, and with BAD_SIZE for threads below 1 or other bytes than
 * result.bytes at `out`, having written nothing. `message` is as above.
 */
ISOPIXEL_API isopixel_status isopixel_recipe_run_bytes(const isopixel_recipe *recipe, const uint8_t *data,
                                                       uint64_t n_bytes, void *out, size_t bytes, int threads,
                                                       char *message, size_t capacity);

/* Bytes from a sample to that of the next image, channel, row or column; not used if there is only one. */
typedef struct isopixel_sample_strides {
    ptrdiff_t image, channel, row, column;
} isopixel_sample_strides;

/* An image of a host: a decoded picture, or a frame of a camera. */
typedef struct isopixel_image {
    const uint8_t *samples; /* of row 0, column 0, channel 0 */
    isopixel_size size;
    int64_t channels;
    isopixel_sample_strides strides; /* .image is not used */
    int orientation;                 /* 1 to 8 as in Exif; 0 if it is upright, or not known; -1 if it is ambiguous */
} isopixel_image;

/*
 * What an image of this size and orientation becomes. `message` is as in isopixel_recipe_open. Fails
 * with NULL, WRONG_SOURCE, BAD_IMAGE, NO_MEMORY, or with TOO_LARGE if this image or that of a step has more pixels than
 * the environment variable ISOPIXEL_MAX_PIXELS, or without it 268435456; if that variable is not a number from 1 on; or
 * if the result is beyond the address space.
 */
ISOPIXEL_API isopixel_status isopixel_recipe_result(const isopixel_recipe *recipe, isopixel_size size, int orientation,
                                                    isopixel_result *result, char *message, size_t capacity);

/*
 * Makes the array of an image that has the channels of the recipe's mode in their order, which is the host's promise;
 * or of a picture as it was decoded, which has gray, gray and alpha, red, green and blue, or these and alpha, and gets
 * the mode's by R-51. `out` has result.bytes bytes. It uses up to `threads` threads, as isopixel_resize does. Scratch
 * memory: the images between two steps, two of them at a time, and that of isopixel_resize. Fails as
 * isopixel_recipe_result and isopixel_resize do, and with BAD_SIZE for threads below 1 or other bytes than result.bytes
 * at `out`; what is at `out` is then not a result.
 */
ISOPIXEL_API isopixel_status isopixel_recipe_run_image(const isopixel_recipe *recipe, const isopixel_image *image,
                                                       void *out, size_t bytes, int threads, char *message,
                                                       size_t capacity);
ISOPIXEL_API isopixel_status isopixel_recipe_run_picture(const isopixel_recipe *recipe, const isopixel_image *picture,
                                                         void *out, size_t bytes, int threads, char *message,
                                                         size_t capacity);

/* What a step makes of an image: the size of its own, and where the image lies in it, or in the image a crop begins. */
typedef struct isopixel_placement {
    isopixel_size size;
    int64_t top, left;
} isopixel_placement;

/*
 * What step `step`, counted from 0 and without the normalisation, makes of an image of this size and orientation.
 * Returns BAD_SIZE if there is no such step; fails otherwise as isopixel_recipe_result, but not with TOO_LARGE.
 */
ISOPIXEL_API isopixel_status isopixel_recipe_place(const isopixel_recipe *recipe, isopixel_size size, int orientation,
                                                   size_t step, isopixel_placement *placement, char *message,
                                                   size_t capacity);

/*
 * Writes what each sample value becomes, table[256·c + v] for value v of channel c, to `table`, which holds
 * 256·channels numbers. `mean` and `std` are decimals as text, one for all channels or as many as there are, with
 * commas between them, such as "0.485,0.456,0.406"; the std are above 0. Writes a sentence that says what is wrong with
 * them, or an empty text, to `message`, as isopixel_layout_parse does; `message` may be null. Fails with NULL, BAD_SIZE
 * (channels below 1), TOO_LARGE, BAD_NORMALIZATION or NO_MEMORY; the table is then as it was.
 */
ISOPIXEL_API isopixel_status isopixel_normalization_table(const char *mean, const char *std, int64_t channels,
                                                          float *table, char *message, size_t capacity);

/*
 * Normalises `images` images of `size` pixels with `channels` samples, the first at `in`, which lie at any strides
 * (interleaved, planar, or otherwise), to float32 numbers at `out`: images, in each its channels, in each its
 * rows, without gaps. `table` is that of isopixel_normalization_table. It uses up to `threads` threads, as
 * isopixel_resize does. Source and result may not overlap. Fails with NULL, BAD_SIZE (a size, or threads, below 1) or
 * TOO_LARGE, having written nothing, or with NO_MEMORY.
 */
ISOPIXEL_API isopixel_status isopixel_normalize(const float *table, int64_t images, int64_t channels,
                                                isopixel_size size, const uint8_t *in,
                                                isopixel_sample_strides in_strides, float *out, int threads);

#define ISOPIXEL_FINGERPRINT_SIZE 72

/*
 * Writes the fingerprint of an array of `rank` dimensions, shape[0], shape[1], …, whose samples follow each other
 * in C order, to the ISOPIXEL_FINGERPRINT_SIZE bytes at `fingerprint`: "sha256:", 64 hexadecimal digits and a zero
 * byte. The samples are uint8; or, if `is_float` is not 0, float32, aligned as a float is. Python's arrays of one
 * channel have the dimensions (height, width) alone. Fails with NULL, BAD_SIZE (rank or a dimension below 1), TOO_LARGE
 * or NO_MEMORY, having written nothing.
 */
ISOPIXEL_API isopixel_status isopixel_fingerprint(const void *samples, int is_float, const int64_t *shape, size_t rank,
                                                  char *fingerprint);

/*
 * The size and channels of the image that a JPEG file of `n` bytes becomes: 1 (gray), or 3 (red, green,
 * blue). And how it is turned by what the file says: 1 … 8 as in Exif, or -1 if programs disagree about that.
 * It looks at the file up to its first scan, so that isopixel_jpeg_decode may refuse it nevertheless. Writes a sentence
 * that says what is wrong with the file and what to do, or an empty text, to `message`, as isopixel_layout_parse does;
 * `message` may be null. (200 bytes hold every sentence.) Fails with NULL, BAD_PICTURE or NO_MEMORY.
 */
ISOPIXEL_API isopixel_status isopixel_jpeg_info(const uint8_t *file, size_t n, isopixel_size *size, int64_t *channels,
                                                int *orientation, char *message, size_t capacity);

/*
 * Writes the samples of that image, in C order, to the `bytes` bytes at `out`, height·width·channels of
 * isopixel_jpeg_info, which does not turn it. A file says of itself how large that is: look before you allocate.
 * Scratch memory: about 100 KiB, and up to 200 bytes for each pixel of a row; for files of several scans 2 bytes for
 * each sample of whole MCUs, and never more than a few thousand times `n`. Fails with NULL, BAD_SIZE (another number of
 * bytes), or, `out` then holding anything, with BAD_PICTURE or NO_MEMORY; `message` as above.
 */
ISOPIXEL_API isopixel_status isopixel_jpeg_decode(const uint8_t *file, size_t n, uint8_t *out, size_t bytes,
                                                  char *message, size_t capacity);

/*
 * A resize of one image that is pushed in pieces, from the first row to the last.
 *
 *     isopixel_stream *stream;
 *     isopixel_status status = isopixel_stream_begin(&stream, …);
 *     if (status == ISOPIXEL_OK) {
 *         while (status == ISOPIXEL_OK && more) status = isopixel_stream_push(stream, block, n);
 *         isopixel_status finished = isopixel_stream_finish(stream);
 *         if (status == ISOPIXEL_OK) status = finished;
 *     }
 */
typedef struct isopixel_stream isopixel_stream;

/*
 * Begins the resize of an image of `in_size` pixels. The result is written to `out`, whose rows are `out_row_stride`
 * bytes apart, while the source arrives; it is whole when isopixel_stream_finish has returned ISOPIXEL_OK. `out` must
 * stay until then. Scratch memory as for isopixel_resize. Fails like isopixel_resize; *stream is then null.
 */
ISOPIXEL_API isopixel_status isopixel_stream_begin(isopixel_stream **stream, const char *method, int64_t channels,
                                                   isopixel_size in_size, isopixel_size out_size, uint8_t *out,
                                                   ptrdiff_t out_row_stride);

/*
 * The same for the image of `n_bytes` bytes in a layout, which are pushed in their order: all
 * of them, also those that are not of the part that the layout names. The result has the channels of
 * isopixel_layout_size; with the size from there it is the layout's image itself. Scratch memory: with `hilbert`, that
 * image too (up to four times n_bytes); with `line`, the whole result counts as a row.
 * Fails also with BAD_LAYOUT, BAD_BYTES, LISTING, SOUND and NO_ROWS.
 */
ISOPIXEL_API isopixel_status isopixel_stream_begin_bytes(isopixel_stream **stream, const char *layout, uint64_t n_bytes,
                                                         const char *method, isopixel_size out_size, uint8_t *out,
                                                         ptrdiff_t out_row_stride);

/*
 * The same for the image of a sound in a layout `logmel` or `logfft`, whose sound->n_bytes bytes of
 * samples are pushed, and nothing else of its file. Scratch memory: up to 6 MiB; with a method of another library the
 * image too, and with one of isopixel's own the result once more. The caller's thread keeps up to 4 MiB of tables until
 * it ends. Fails like isopixel_stream_begin and isopixel_sound_size.
 */
ISOPIXEL_API isopixel_status isopixel_stream_begin_sound(isopixel_stream **stream, const char *layout,
                                                         const isopixel_sound *sound, const char *method,
                                                         isopixel_size out_size, uint8_t *out,
                                                         ptrdiff_t out_row_stride);

/*
 * Pushes the next `n` bytes (samples in C order), any number of them; pieces need not end with a row or pixel.
 * Fails with NULL, or with TOO_MUCH, having taken none of them; or with BAD_SOUND if a sample of a sound is infinite,
 * or not a number: the stream then takes no more, and isopixel_stream_finish says the same.
 */
ISOPIXEL_API isopixel_status isopixel_stream_push(isopixel_stream *stream, const uint8_t *bytes, size_t n);

/*
 * Pushes the next `count` rows, which lie `row_stride` bytes apart. Not for streams of bytes in a layout.
 * Fails with NULL, BAD_SIZE (count below 0), MID_ROW or TOO_MUCH, having taken none of them.
 */
ISOPIXEL_API isopixel_status isopixel_stream_push_rows(isopixel_stream *stream, const uint8_t *rows, int64_t count,
                                                       ptrdiff_t row_stride);

/*
 * Ends a stream and releases it, whatever the status. A null stream is not an error. Fails with NO_MEMORY (bigram),
 * or with INCOMPLETE if bytes are missing; not all rows of the result are then written.
 */
ISOPIXEL_API isopixel_status isopixel_stream_finish(isopixel_stream *stream);

#ifdef __cplusplus
}
#endif

#endif
