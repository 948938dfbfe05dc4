// A transposition by blocks of 8 x 8 elements in registers.
#include "tiles.h"

typedef float block_row __attribute__((ext_vector_type(8), aligned(4)));

// Pairs of elements, of pairs, and of halves, from the low or the high half of every group.
#define LOW_ELEMENTS(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define HIGH_ELEMENTS(a, b) __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#define LOW_PAIRS(a, b) __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define HIGH_PAIRS(a, b) __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
#define LOW_HALVES(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11)
#define HIGH_HALVES(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15)

#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2")))
#else
#define TARGET
#endif

TARGET static inline __attribute__((always_inline)) ptrdiff_t place(dl_rows_t rows, ptrdiff_t row) {
  return rows.places ? rows.places[row] : row * rows.stride;
}

// Transposes 8 columns of up to 8 rows. The rows that are missing count as zeros.
TARGET static inline __attribute__((always_inline)) void transpose_block(
  const float *source, dl_rows_t source_rows, ptrdiff_t row, ptrdiff_t count, float *target, dl_rows_t target_rows,
  ptrdiff_t column
) {
  block_row rows[8], pairs[8], fours[8];
  for (int i = 0; i < 8; i++) {
    rows[i] = i < count ? *(const block_row *)(source + place(source_rows, row + i) + column) : (block_row)(0.0f);
  }
  for (int i = 0; i < 8; i += 2) {
    pairs[i] = LOW_ELEMENTS(rows[i], rows[i + 1]);
    pairs[i + 1] = HIGH_ELEMENTS(rows[i], rows[i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {
    fours[i] = LOW_PAIRS(pairs[i], pairs[i + 2]);
    fours[i + 1] = HIGH_PAIRS(pairs[i], pairs[i + 2]);
    fours[i + 2] = LOW_PAIRS(pairs[i + 1], pairs[i + 3]);
    fours[i + 3] = HIGH_PAIRS(pairs[i + 1], pairs[i + 3]);
  }
  for (int i = 0; i < 4; i++) {
    *(block_row *)(target + place(target_rows, column + i) + row) = LOW_HALVES(fours[i], fours[i + 4]);
    *(block_row *)(target + place(target_rows, column + i + 4) + row) = HIGH_HALVES(fours[i], fours[i + 4]);
  }
}

// Copies the columns from `column` on one by one.
TARGET static void transpose_rest(
  const float *source, dl_rows_t source_rows, ptrdiff_t row, ptrdiff_t end, ptrdiff_t rows, ptrdiff_t column,
  ptrdiff_t columns, float *target, dl_rows_t target_rows
) {
  for (ptrdiff_t c = column; c < columns; c++) {
    float *to = target + place(target_rows, c);
    for (ptrdiff_t r = row; r < end; r++) to[r] = r < rows ? source[place(source_rows, r) + c] : 0;
  }
}

TARGET void dl_transpose(
  const float *source, dl_rows_t source_rows, ptrdiff_t rows, ptrdiff_t columns, float *target,
  dl_rows_t target_rows, ptrdiff_t width
) {
  const ptrdiff_t whole_columns = columns / 8 * 8, whole_width = width / 8 * 8;
  // So many rows of the target stay in the cache. Memory follows more easily where few rows are read together.
  const ptrdiff_t chunk = 256;
  for (ptrdiff_t start = 0; start < whole_columns; start += chunk) {
    const ptrdiff_t end = start + chunk < whole_columns ? start + chunk : whole_columns;
    for (ptrdiff_t r = 0; r < whole_width; r += 8) {
      if (r + 8 <= rows) {
        for (ptrdiff_t c = start; c < end; c += 8) transpose_block(source, source_rows, r, 8, target, target_rows, c);
      } else {
        for (ptrdiff_t c = start; c < end; c += 8) {
          transpose_block(source, source_rows, r, rows - r, target, target_rows, c);
        }
      }
    }
  }
  transpose_rest(source, source_rows, 0, whole_width, rows, whole_columns, columns, target, target_rows);
  transpose_rest(source, source_rows, whole_width, width, rows, 0, columns, target, target_rows);
}
