// SPDX-License-Identifier: MIT
#include "idle_resizers.h"

#include <algorithm>

#include "base/threads.h"

namespace isopixel {
namespace {

// The most that a thread keeps (isopixel.h).
constexpr size_t kMostResizers = 16;
constexpr size_t kMostBytes = size_t{2} << 20;

// Of a thread: no lock, which a fork could leave locked for ever.
struct IdleResizers {
    ~IdleResizers();

    std::list<PlannedResizer> list;  // from the one that was used last on
    size_t bytes = 0;
};
ISOPIXEL_PER_THREAD IdleResizers idle;

// At the end of a thread, or of the process, a host may resize when `idle` has been destroyed. A bool never is.
ISOPIXEL_PER_THREAD bool is_destroyed = false;
IdleResizers::~IdleResizers() { is_destroyed = true; }

bool are_same(const Plan &a, const Plan &b) {
    return a.shape.in_height == b.shape.in_height && a.shape.in_width == b.shape.in_width &&
           a.shape.channels == b.shape.channels && a.shape.out_height == b.shape.out_height &&
           a.shape.out_width == b.shape.out_width && a.method == b.method && a.kernels == b.kernels;
}

}  // namespace

LentResizer::LentResizer(const Plan &plan) {
    if (kKeepsPerThread && !is_destroyed) {
        const auto found = std::find_if(idle.list.begin(), idle.list.end(),
                                        [&](const PlannedResizer &other) { return are_same(other.plan, plan); });
        if (found != idle.list.end()) {
            idle.bytes -= found->bytes;
            lent_.splice(lent_.begin(), idle.list, found);
            return;
        }
    }
    lent_.emplace_back(plan);
}

void LentResizer::give_back() {
    if (!kKeepsPerThread || is_destroyed || lent_.front().bytes > kMostBytes) return;
    idle.bytes += lent_.front().bytes;
    idle.list.splice(idle.list.begin(), lent_);
    while (idle.list.size() > kMostResizers || idle.bytes > kMostBytes) {
        idle.bytes -= idle.list.back().bytes;
        idle.list.pop_back();
    }
}

}  // namespace isopixel
