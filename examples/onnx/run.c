/* SPDX-License-Identifier: MIT */
/*
 * What a model with isopixel's operators makes of an image, by ONNX Runtime in a host of C:
 *     cc -std=c99 -I/usr/include/onnxruntime -o run run.c -lonnxruntime
 *     ./run libisopixel_ort.so model.onnx 3 480 640 <image >result
 * reads the samples of an image, uint8 [channels, height, width], and writes the model's numbers, float32 or uint8.
 */
#include <onnxruntime_c_api.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static const OrtApi *api;

/* Ends the program if ONNX Runtime, or an operator, refuses. */
static void check(OrtStatus *status) {
    if (!status) return;
    fprintf(stderr, "%s\n", api->GetErrorMessage(status));
    exit(1);
}

static OrtSession *open_session(OrtEnv *env, const char *library, const char *model) {
    OrtSessionOptions *options;
    OrtSession *session;
    check(api->CreateSessionOptions(&options));
    check(api->RegisterCustomOpsLibrary_V2(options, library));
    check(api->CreateSession(env, model, options, &session));
    api->ReleaseSessionOptions(options);
    return session;
}

/* The result of a model of one input. */
static OrtValue *run(OrtSession *session, const OrtValue *image) {
    OrtAllocator *allocator;
    char *input, *output;
    OrtValue *result = NULL;
    check(api->GetAllocatorWithDefaultOptions(&allocator));
    check(api->SessionGetInputName(session, 0, allocator, &input));
    check(api->SessionGetOutputName(session, 0, allocator, &output));
    check(api->Run(session, NULL, (const char *const *)&input, &image, 1, (const char *const *)&output, 1, &result));
    check(api->AllocatorFree(allocator, input));
    check(api->AllocatorFree(allocator, output));
    return result;
}

static void write_numbers(OrtValue *result) {
    OrtTensorTypeAndShapeInfo *info;
    size_t count;
    void *numbers;
    ONNXTensorElementDataType type;
    check(api->GetTensorTypeAndShape(result, &info));
    check(api->GetTensorElementType(info, &type));
    if (type != ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT && type != ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8) {
        fputs("the result is neither float32 nor uint8\n", stderr);
        exit(1);
    }
    check(api->GetTensorShapeElementCount(info, &count));
    check(api->GetTensorMutableData(result, &numbers));
    fwrite(numbers, type == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT ? sizeof(float) : 1, count, stdout);
    api->ReleaseTensorTypeAndShapeInfo(info);
}

int main(int argc, char **argv) {
    if (argc != 6) return fputs("usage: run LIBRARY MODEL CHANNELS HEIGHT WIDTH <IMAGE >RESULT\n", stderr), 2;
    const int64_t shape[] = {1, atoll(argv[3]), atoll(argv[4]), atoll(argv[5])};
    const size_t bytes = (size_t)(shape[1] * shape[2] * shape[3]);
    uint8_t *samples = malloc(bytes);
    if (!samples || fread(samples, 1, bytes, stdin) != bytes) return fputs("the image is not whole\n", stderr), 1;

    OrtEnv *env;
    OrtMemoryInfo *memory;
    OrtValue *image;
    api = OrtGetApiBase()->GetApi(ORT_API_VERSION);
    if (!api) return fputs("this ONNX Runtime is older than the header\n", stderr), 1;
    check(api->CreateEnv(ORT_LOGGING_LEVEL_FATAL, "run", &env));
    OrtSession *session = open_session(env, argv[1], argv[2]);
    check(api->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &memory));
    check(api->CreateTensorWithDataAsOrtValue(memory, samples, bytes, shape, 4, ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8,
                                              &image));
    OrtValue *result = run(session, image);
    write_numbers(result);

    api->ReleaseValue(result);
    api->ReleaseValue(image);
    api->ReleaseMemoryInfo(memory);
    api->ReleaseSession(session);
    api->ReleaseEnv(env);
    free(samples);
    return 0;
}
