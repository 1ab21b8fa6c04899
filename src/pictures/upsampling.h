// SPDX-License-Identifier: MIT
// Rows of a component with the columns and rows of the image (SPEC R-59).
#pragma once

#include <cstdint>

namespace isopixel {

// Twice the columns: 2·n numbers from n.
void widen_row(const uint8_t *row, int64_t n, uint8_t *out);
// Twice the rows: a row that lies beside `row`, towards `other`; `half` is 1 above it and 2 below it.
void blend_rows_3_1(const uint8_t *row, const uint8_t *other, int64_t n, int half, uint8_t *out);
// Twice both.
void widen_blended_rows(const uint8_t *row, const uint8_t *other, int64_t n, uint8_t *out);
// Each number `times` times.
void repeat_columns(const uint8_t *row, int64_t n, int times, uint8_t *out);

}  // namespace isopixel
