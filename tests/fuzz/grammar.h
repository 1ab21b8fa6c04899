// SPDX-License-Identifier: MIT
// Texts from the input that are nearly what the readers accept: most are right, some have one small mistake.
#pragma once

#include <string>

#include "cases.h"

std::string layout_text(Input &input);
std::string sound_layout_text(Input &input);
std::string decimals_text(Input &input);      // R-29, with commas between them
std::string recipe_text(Input &input);
