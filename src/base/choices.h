// SPDX-License-Identifier: MIT
// What messages say of a word that is none of the known ones.
#pragma once

#include <string>
#include <vector>

namespace isopixel {

// "; did you mean 'bilinear'?" for a word that is nearly a known one, or more; nothing for another word.
std::string did_you_mean(const std::string &word, const std::vector<std::string> &known);

// The same, and the known ones: all; but if there are many, and `lists_all` says what lists them, the nearest alone.
std::string choices(const std::string &word, const std::vector<std::string> &known, const std::string &lists_all = {});

}  // namespace isopixel
