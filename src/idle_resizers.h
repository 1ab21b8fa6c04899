// SPDX-License-Identifier: MIT
// Resizers between two resizes. Their tables and scratch memory serve the next image of the same sizes.
#pragma once

#include <cstddef>
#include <list>
#include <memory>

#include "plan.h"

namespace isopixel {

struct PlannedResizer {
    explicit PlannedResizer(const Plan &plan) : plan(plan), resizer(make_resizer(plan)), bytes(resizer->bytes()) {}

    const Plan plan;
    const std::unique_ptr<Resizer> resizer;
    const size_t bytes;
};

// The resizer of a plan: one that is idle in this thread, or else a new one.
class LentResizer {
  public:
    // Throws std::bad_alloc.
    explicit LentResizer(const Plan &plan);
    LentResizer(const LentResizer &) = delete;

    Resizer *operator->() const { return lent_.front().resizer.get(); }

    // Once its images are complete, and it is used no more: leaves it to the next resize of this thread, as far as
    // there is room for it. Allocates nothing.
    void give_back();

  private:
    std::list<PlannedResizer> lent_;  // one, until it is given back
};

}  // namespace isopixel
