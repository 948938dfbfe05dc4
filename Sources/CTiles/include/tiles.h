// Tiles of products and convolutions, for several instruction sets, with the same bits in all of them.
//
// A tile is a block of results in vector registers. Each result is one chain of fused multiply-adds:
//
//     sum = 0;  for every segment, for every step:  sum = fma(left, right, sum)
//
// The chain of a result depends neither on the extents of the tile nor on the width of its vectors. Every
// table therefore gives the same bits, and the caller may divide the results among tiles in any way.
#ifndef DLRUN_TILES_H
#define DLRUN_TILES_H

#include <stddef.h>

// Steps that lie at equal distances in both operands.
typedef struct {
  ptrdiff_t left;    // of the first step, in elements from the row of the left operand
  ptrdiff_t right;   // of the first step, in elements from the right operand
  ptrdiff_t length;  // the number of steps
} dl_segment_t;

// Rows of results, with up to `width * vectors` columns.
//
// Operands are read in whole vectors, up to 15 elements beyond the last column. Memory must be readable there.
// All distances are in elements. A row of the result is at result + line * result_line + row * result_row. Its
// left operand is at left + line * left_line + row * left_row, and its addend like the result.
typedef struct {
  const float *left;
  ptrdiff_t left_line, left_row, left_step;
  const float *right;
  ptrdiff_t right_step;
  const dl_segment_t *segments;
  ptrdiff_t segment_count;
  float *result;
  ptrdiff_t result_line, result_row;
  ptrdiff_t lines, rows, columns;
  const float *bias;    // `columns` values, or NULL
  const float *addend;  // or NULL
  const float *mask;    // values of a ReLU, which lie like the result: its gradient follows the addend. Or NULL.
  float *panel;         // receives the right operand without gaps, for later rows. NULL to read it in place.
  float slope;          // of the ReLU
  int is_ramp;          // 1 applies the ReLU to the result
  int accumulates;      // 1 adds the chain to the previous result, before bias and addend
} dl_tile_t;

// Patches of images with channels last, which minimal filtering transforms into 36 planes.
//
// An image is cut into rows x columns patches. Their results are adjacent, and their inputs overlap. Positions
// outside of the image are 0. Element (plane, patch, channel) is at plane * `plane` + (patch - first) * `row` + channel.
// Channels are read and written in whole vectors in planes, and read so in images.
typedef struct {
  ptrdiff_t rows, columns;      // of patches in an image
  ptrdiff_t height, width;      // of an image, in positions
  ptrdiff_t channels;           // the elements of a position
  ptrdiff_t top, left;          // the padding before the first row and column
  ptrdiff_t first, patches;     // the first patch, counted over all images, and the number of patches
  ptrdiff_t count;              // the channels that are transformed
  ptrdiff_t plane, row;         // distances in the planes, in elements
  const float *bias, *addend;   // added to results, or NULL. The addend lies like the results.
  const float *mask;            // values of a ReLU, like the results: its gradient follows. Or NULL.
  float slope;                  // of the ReLU
  int is_ramp;                  // 1 applies the ReLU to the results
} dl_patches_t;

// Minimal filtering F(results x results, taps x taps), with results + taps - 1 = 6.
typedef struct {
  ptrdiff_t results, taps;
  // Transforms patches of images, of the gradients of results, and of planes into results.
  void (*spread_images)(const dl_patches_t *, const float *images, float *planes);
  void (*spread_gradients)(const dl_patches_t *, const float *gradients, float *planes);
  void (*gather_results)(const dl_patches_t *, const float *planes, float *results);
  // Transforms `count` windows in place, in whole vectors. They lie in the last taps x taps planes.
  void (*spread_filters)(float *planes, ptrdiff_t plane, ptrdiff_t count);
  // Transforms sums into `count` gradients of windows, in place. They lie in the first taps x taps planes.
  void (*gather_filters)(float *planes, ptrdiff_t plane, ptrdiff_t count);
} dl_filtering_t;

// The tiles of one instruction set.
typedef struct {
  const char *name;
  ptrdiff_t width;    // the elements of a vector
  ptrdiff_t vectors;  // the most vectors of a row
  ptrdiff_t rows[4];  // the most rows of a tile with 1 to 4 vectors
  // The left operand is one value for all columns of a row.
  void (*multiply)(const dl_tile_t *);
  // The left operand has a value for each column, like the right one.
  void (*multiply_lanes)(const dl_tile_t *);
  dl_filtering_t filtering[2];  // with 3 and with 5 taps
} dl_tiles_t;

// Returns a table that the processor can run: that of the widest vectors for NULL, or the named one. NULL if there
// is none: "avx512", "avx512vl" and "avx2" exist on x86, "neon" on arm64.
const dl_tiles_t *dl_tiles(const char *name);

// Returns 1 if the processor computes a vector of AVX-512 in two halves.
int dl_has_half_units(void);

// The places of a matrix's rows: i * stride, or places[i].
typedef struct {
  ptrdiff_t stride;
  const ptrdiff_t *places;  // or NULL
} dl_rows_t;

// Copies the transposed of a matrix of rows x columns elements: column c becomes row c of the target.
//
// Zeros fill up the rows of the target to `width` elements. It is the number of rows, or a greater multiple of 8.
void dl_transpose(
  const float *source, dl_rows_t source_rows, ptrdiff_t rows, ptrdiff_t columns, float *target,
  dl_rows_t target_rows, ptrdiff_t width);

#endif
