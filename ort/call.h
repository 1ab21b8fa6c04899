// SPDX-License-Identifier: MIT
// ONNX Runtime's C interface as the operators use it. Nothing of it is linked: it hands over its functions.
#pragma once

#include <onnxruntime_c_api.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "isopixel.h"

namespace isopixel_ort {

// What is thrown when something is refused, and caught where ONNX Runtime called.
struct Refusal {
    OrtStatus *status;
};

inline void check(OrtStatus *status) {
    if (status) throw Refusal{status};
}

[[noreturn]] inline void refuse(const OrtApi &api, const std::string &message) {
    throw Refusal{api.CreateStatus(ORT_INVALID_ARGUMENT, message.c_str())};
}

// Does the work of a function that ONNX Runtime calls, which no exception leaves.
template <class Work>
OrtStatus *guarded(const OrtApi &api, Work work) {
    try {
        work();
        return nullptr;
    } catch (const Refusal &refusal) {
        return refusal.status;
    } catch (const std::exception &) {
        return api.CreateStatus(ORT_FAIL, isopixel_status_text(ISOPIXEL_NO_MEMORY));
    }
}

template <class Sample>
struct Tensor {
    std::vector<int64_t> shape;
    const Sample *samples;
};

// One call of an operator.
class Call {
  public:
    Call(const OrtApi &api, OrtKernelContext &context) : api_(api), context_(context) {}

    template <class Sample>
    Tensor<Sample> input(size_t index) const {
        const OrtValue *value;
        check(api_.KernelContext_GetInput(&context_, index, &value));
        OrtTensorTypeAndShapeInfo *info;
        check(api_.GetTensorTypeAndShape(value, &info));
        const std::unique_ptr<OrtTensorTypeAndShapeInfo, decltype(api_.ReleaseTensorTypeAndShapeInfo)> owner(
            info, api_.ReleaseTensorTypeAndShapeInfo);
        size_t rank;
        check(api_.GetDimensionsCount(info, &rank));
        std::vector<int64_t> shape(rank);
        check(api_.GetDimensions(info, shape.data(), rank));
        void *samples;
        check(api_.GetTensorMutableData(const_cast<OrtValue *>(value), &samples));
        return {shape, static_cast<const Sample *>(samples)};
    }

    template <class Sample>
    Sample *output(const std::vector<int64_t> &shape) const {
        OrtValue *value;
        check(api_.KernelContext_GetOutput(&context_, 0, shape.data(), shape.size(), &value));
        void *samples;
        check(api_.GetTensorMutableData(value, &samples));
        return static_cast<Sample *>(samples);
    }

    // Calls work(first, count), which does not throw, for parts of `units` units in the threads of the session. Each
    // unit reads and writes `unit_samples` samples, and a part is worth a thread. Returns OK, or a failure of some
    // part.
    template <class Work>
    isopixel_status in_parallel(int64_t units, int64_t unit_samples, Work work) const {
        const int64_t part = std::max<int64_t>(1, kPartSamples / std::max<int64_t>(1, unit_samples));
        if (units <= part) return work(0, units);
        std::atomic<isopixel_status> status{ISOPIXEL_OK};
        auto do_part = [&](size_t index) {
            const int64_t first = static_cast<int64_t>(index) * part;
            if (const isopixel_status failure = work(first, std::min(part, units - first))) status = failure;
        };
        using DoPart = decltype(do_part);
        check(api_.KernelContext_ParallelFor(
            &context_, [](void *data, size_t index) { (*static_cast<DoPart *>(data))(index); },
            static_cast<size_t>((units + part - 1) / part), 0, &do_part));
        return status;
    }

  private:
    static constexpr int64_t kPartSamples = 1 << 20;  // as in src/batch.cpp

    const OrtApi &api_;
    OrtKernelContext &context_;
};

}  // namespace isopixel_ort
