/* SPDX-License-Identifier: MIT */
/*
 * Writes one step of a trace, as the file NN-name.npy in a folder that is there: for `isopixel trace diff`.
 *
 * dtype is "|u1" (uint8) or "<f4" (float32 of a little-endian machine); shape is as "224, 224, 3". Returns 0 if the
 * file is complete.
 */
#include <stdio.h>

static int trace_step(const char *folder, int number, const char *name, const char *dtype, const char *shape,
                      const void *samples, size_t bytes) {
    char path[4096], head[118];
    const char *form = "{'descr': '%s', 'fortran_order': False, 'shape': (%s,), }";
    const int length = snprintf(path, sizeof path, "%s/%02d-%s.npy", folder, number, name);
    FILE *file = length < (int)sizeof path ? fopen(path, "wb") : NULL;
    if (!file) return -1;
    if (snprintf(head, sizeof head, form, dtype, shape) >= (int)sizeof head) return fclose(file), -1;
    fwrite("\x93NUMPY\1\0v\0", 1, 10, file); /* version 1; v is 118, the bytes of what follows */
    fprintf(file, "%-117s\n", head);
    if (fwrite(samples, 1, bytes, file) != bytes) return fclose(file), -1;
    return fclose(file);
}
