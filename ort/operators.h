// SPDX-License-Identifier: MIT
// The operators, as ONNX Runtime makes one for each node of a model. Their inputs are tensors without gaps.
#pragma once

#include <onnxruntime_c_api.h>

#include "resizer/method.h"

namespace isopixel_ort {

// isopixel::resize of isopixel.torch: images [..., C, H, W] to a height and a width, numbers of one element each, by
// the method that the attribute `method` names.
struct Resize {
    static constexpr const char *kName = "Resize";
    static constexpr ONNXTensorElementDataType kInputs[] = {
        ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8, ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64, ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64};
    static constexpr ONNXTensorElementDataType kOutput = ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8;

    Resize(const OrtApi &api, const OrtKernelInfo &info);
    void compute(OrtKernelContext &context) const;

    const OrtApi &api;
    const isopixel::Method &method;
};

// isopixel::normalize of isopixel.torch: images [..., C, H, W], looked up in a table [C or 1, 256].
struct Normalize {
    static constexpr const char *kName = "Normalize";
    static constexpr ONNXTensorElementDataType kInputs[] = {ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8,
                                                            ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT};
    static constexpr ONNXTensorElementDataType kOutput = ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;

    Normalize(const OrtApi &api, const OrtKernelInfo &) : api(api) {}
    void compute(OrtKernelContext &context) const;

    const OrtApi &api;
};

}  // namespace isopixel_ort
