// SPDX-License-Identifier: MIT
// The domain `isopixel` of ONNX Runtime, which calls RegisterCustomOps of the libraries that it is given.
#include <onnxruntime_c_api.h>

#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "call.h"
#include "operators.h"

#if ORT_API_VERSION < 17
#error "libisopixel_ort needs the headers of ONNX Runtime 1.17 or newer"
#endif

namespace isopixel_ort {
namespace {

constexpr uint32_t kApiVersion = 17;  // the first with KernelContext_ParallelFor; newer runtimes have it too

// What ONNX Runtime asks of an operator. It is not told the shape of the result: its function for that takes a
// dimension that is not known for one of length -1. A model says it, as those of torch.onnx do.
template <class Kernel>
struct Operator : OrtCustomOp {
    Operator() : OrtCustomOp{} {
        version = kApiVersion;
        GetName = [](const OrtCustomOp *) { return Kernel::kName; };
        GetExecutionProviderType = [](const OrtCustomOp *) -> const char * { return nullptr; };  // that of the CPU
        GetInputTypeCount = [](const OrtCustomOp *) { return std::size(Kernel::kInputs); };
        GetInputType = [](const OrtCustomOp *, size_t index) { return Kernel::kInputs[index]; };
        GetInputCharacteristic = [](const OrtCustomOp *, size_t) { return INPUT_OUTPUT_REQUIRED; };
        GetInputMemoryType = [](const OrtCustomOp *, size_t) { return OrtMemTypeDefault; };
        GetOutputTypeCount = [](const OrtCustomOp *) -> size_t { return 1; };
        GetOutputType = [](const OrtCustomOp *, size_t) { return Kernel::kOutput; };
        GetOutputCharacteristic = GetInputCharacteristic;
        CreateKernelV2 = [](const OrtCustomOp *, const OrtApi *api, const OrtKernelInfo *info, void **kernel) {
            return guarded(*api, [&] { *kernel = new Kernel(*api, *info); });
        };
        KernelComputeV2 = [](void *kernel, OrtKernelContext *context) {
            const Kernel &node = *static_cast<const Kernel *>(kernel);
            return guarded(node.api, [&] { node.compute(*context); });
        };
        KernelDestroy = [](void *kernel) { delete static_cast<Kernel *>(kernel); };
    }
};

// The domain for an ONNX Runtime, of which a process may have several. Sessions read it, so that it stays for as long
// as the library does, which they hold.
OrtCustomOpDomain *domain_for(const OrtApi &api) {
    static const Operator<Resize> resize;
    static const Operator<Normalize> normalize;
    static std::mutex mutex;
    using Domain = std::unique_ptr<OrtCustomOpDomain, decltype(OrtApi::ReleaseCustomOpDomain)>;
    static std::map<const OrtApi *, Domain> domains;
    const std::lock_guard<std::mutex> lock(mutex);
    const auto found = domains.find(&api);
    if (found != domains.end()) return found->second.get();
    OrtCustomOpDomain *made;
    check(api.CreateCustomOpDomain("isopixel", &made));
    Domain domain(made, api.ReleaseCustomOpDomain);
    check(api.CustomOpDomain_Add(made, &resize));
    check(api.CustomOpDomain_Add(made, &normalize));
    return domains.emplace(&api, std::move(domain)).first->second.get();
}

}  // namespace
}  // namespace isopixel_ort

#ifdef _WIN32
#define ISOPIXEL_ORT_EXPORT __declspec(dllexport)
#else
#define ISOPIXEL_ORT_EXPORT __attribute__((visibility("default")))
#endif

extern "C" ISOPIXEL_ORT_EXPORT OrtStatus *ORT_API_CALL RegisterCustomOps(OrtSessionOptions *options,
                                                                         const OrtApiBase *base) {
    const OrtApi *api = base->GetApi(isopixel_ort::kApiVersion);
    if (!api) return base->GetApi(1)->CreateStatus(ORT_FAIL, "libisopixel_ort needs ONNX Runtime 1.17 or newer");
    return isopixel_ort::guarded(
        *api, [&] { isopixel_ort::check(api->AddCustomOpDomain(options, isopixel_ort::domain_for(*api))); });
}
