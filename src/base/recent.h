// SPDX-License-Identifier: MIT
// What was made last, by what it was made of.
#pragma once

#include <list>
#include <memory>
#include <utility>

namespace isopixel {

// Keeps the `kMost` values that were asked for last; for one thread.
template <class Key, class Value, size_t kMost>
class Recent {
  public:
    // The value of a key, which `make` makes if it is not kept. Throws what that throws.
    template <class Make>
    std::shared_ptr<const Value> get(const Key &key, Make make) {
        for (auto kept = kept_.begin(); kept != kept_.end(); ++kept) {
            if (!(kept->first == key)) continue;
            kept_.splice(kept_.begin(), kept_, kept);
            return kept->second;
        }
        kept_.emplace_front(key, std::make_shared<const Value>(make()));
        if (kept_.size() > kMost) kept_.pop_back();
        return kept_.front().second;
    }

  private:
    std::list<std::pair<Key, std::shared_ptr<const Value>>> kept_;
};

}  // namespace isopixel
