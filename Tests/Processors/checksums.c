// Prints a checksum of random tiles and of the transforms of minimal filtering: checksums [TABLE]
//
// Every table, and every processor that runs one, prints the same line.
#include "tiles.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ELEMENTS = 1 << 16, TILES = 4000, TRANSFORMS = 400, POINTS = 36, MOST_CHANNELS = 40, MOST_PATCHES = 8 };

static uint64_t state = 1;
static uint64_t checksum = 0xcbf29ce484222325u;
static float left[ELEMENTS], right[ELEMENTS], addend[ELEMENTS], result[ELEMENTS];

// A number from 0 to limit - 1, by the generator of D. E. Knuth, "MMIX".
static ptrdiff_t random_below(ptrdiff_t limit) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (ptrdiff_t)((state >> 33) % (uint64_t)limit);
}

static void fill(float *values) {
  for (int i = 0; i < ELEMENTS; i++) values[i] = (float)(random_below(2000001) - 1000000) * 1e-6f;
}

static void include(const float *values, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, values + i, sizeof bits);
    checksum = (checksum ^ bits) * 0x100000001b3u;
  }
}

// Includes sums of random operands.
static void include_tile(const dl_tiles_t *tiles) {
  static dl_segment_t segments[8];
  const int is_lanes = random_below(4) == 0;
  const ptrdiff_t steps = 1 + random_below(40), most_columns = 130;
  const ptrdiff_t columns = 1 + random_below(most_columns);
  dl_tile_t tile = {
    .left_row = 1 + random_below(60), .left_step = 1 + random_below(3), .right_step = most_columns + 16,
    .segments = segments, .segment_count = 1 + random_below(3), .result_row = most_columns,
    .left_line = random_below(50), .result_line = 30 * most_columns, .lines = 1 + random_below(3),
    .rows = 1 + random_below(30), .slope = random_below(2) ? 0.25f : 0, .is_ramp = random_below(2) == 0,
    .accumulates = random_below(2) == 0,
  };
  for (ptrdiff_t s = 0; s < tile.segment_count; s++) {
    segments[s] = (dl_segment_t){ random_below(3000), random_below(3000), 1 + random_below(steps) };
  }
  const int has_bias = random_below(2) == 0, has_addend = random_below(2) == 0;
  const int has_mask = random_below(2) == 0;
  // Panels of any width have the same results.
  const ptrdiff_t width = tiles->width * tiles->vectors;
  for (ptrdiff_t first = 0; first < columns; first += width) {
    tile.left = left + (is_lanes ? first : 0);
    tile.right = right + first;
    tile.result = result + first;
    tile.bias = has_bias ? addend + 7 + first : NULL;
    tile.addend = has_addend ? addend + first : NULL;
    tile.mask = has_mask ? right + 11 + first : NULL;
    tile.columns = columns - first < width ? columns - first : width;
    (is_lanes ? tiles->multiply_lanes : tiles->multiply)(&tile);
  }
  for (ptrdiff_t line = 0; line < tile.lines; line++) {
    for (ptrdiff_t row = 0; row < tile.rows; row++) {
      float *values = result + line * tile.result_line + row * tile.result_row;
      include(values, columns);
      // Sums of sums would overflow in the end.
      for (ptrdiff_t column = 0; column < columns; column++) values[column] *= 0.25f;
    }
  }
}

// The results along an axis, with `padding` zeros before the image and up to as many after it as a window has.
static ptrdiff_t random_results(ptrdiff_t extent, ptrdiff_t padding, ptrdiff_t taps) {
  const ptrdiff_t results = extent + padding + random_below(taps) - taps + 1;
  return results < 1 ? 1 : results;
}

// Returns some patches of up to three images. Their channels are not all transformed.
static dl_patches_t random_patches(const dl_filtering_t *filtering, int has_padding) {
  const ptrdiff_t channels = 1 + random_below(MOST_CHANNELS), count = 1 + random_below(channels);
  dl_patches_t patches = {
    .height = 1 + random_below(14), .width = 1 + random_below(14), .channels = channels,
    .count = random_below(2) ? channels : count, .row = (channels + 15) / 16 * 16 + 16 * random_below(2),
  };
  ptrdiff_t height = patches.height, width = patches.width;
  if (has_padding) {
    patches.top = random_below(filtering->taps), patches.left = random_below(filtering->taps);
    height = random_results(height, patches.top, filtering->taps);
    width = random_results(width, patches.left, filtering->taps);
  }
  patches.rows = (height + filtering->results - 1) / filtering->results;
  patches.columns = (width + filtering->results - 1) / filtering->results;
  const ptrdiff_t all = 3 * patches.rows * patches.columns;
  patches.first = random_below(all);
  const ptrdiff_t rest = all - patches.first;
  patches.patches = 1 + random_below(rest < MOST_PATCHES ? rest : MOST_PATCHES);
  patches.plane = patches.patches * patches.row + 16 * random_below(3);
  return patches;
}

// Includes patches in planes. Their whole vectors have other elements after the channels.
static void include_planes(const dl_patches_t *patches) {
  for (ptrdiff_t point = 0; point < POINTS; point++) {
    for (ptrdiff_t patch = 0; patch < patches->patches; patch++) {
      include(result + point * patches->plane + patch * patches->row, patches->count);
    }
  }
}

// Includes every transform of random operands.
static void include_transforms(const dl_filtering_t *filtering) {
  dl_patches_t patches = random_patches(filtering, 1);
  filtering->spread_images(&patches, left + random_below(1000), result);
  include_planes(&patches);

  patches = random_patches(filtering, 0);
  filtering->spread_gradients(&patches, left + random_below(1000), result);
  include_planes(&patches);

  patches = random_patches(filtering, 0);
  if (random_below(2)) patches.bias = addend + random_below(1000);
  if (random_below(2)) patches.addend = addend + random_below(1000);
  if (random_below(2)) patches.mask = left + random_below(1000);
  patches.is_ramp = random_below(2) == 0, patches.slope = random_below(2) ? 0.25f : 0;
  // The transforms before have left elements that depend on the width of vectors. All others must remain as they are.
  memcpy(result, left, sizeof result);
  filtering->gather_results(&patches, right + random_below(1000), result);
  include(result, 3 * patches.height * patches.width * patches.channels);

  const ptrdiff_t count = 16 * (1 + random_below(20)), plane = count + 16 * random_below(3);
  memcpy(result, right + random_below(1000), (size_t)(POINTS * plane) * sizeof(float));
  filtering->spread_filters(result, plane, count);
  for (ptrdiff_t point = 0; point < POINTS; point++) include(result + point * plane, count);

  memcpy(result, right + random_below(1000), (size_t)(POINTS * plane) * sizeof(float));
  filtering->gather_filters(result, plane, count);
  const ptrdiff_t taps = filtering->taps * filtering->taps;
  for (ptrdiff_t tap = 0; tap < taps; tap++) include(result + tap * plane, count);
}

int main(int count, char **arguments) {
  const dl_tiles_t *tiles = dl_tiles(count > 1 ? arguments[1] : NULL);
  if (tiles == NULL) return fprintf(stderr, "this processor has no such tiles\n"), 1;
  fill(left), fill(right), fill(addend), fill(result);
  for (int number = 0; number < TILES; number++) include_tile(tiles);
  for (int number = 0; number < TRANSFORMS; number++) {
    for (int kind = 0; kind < 2; kind++) include_transforms(&tiles->filtering[kind]);
  }
  printf("%016llx\n", (unsigned long long)checksum);
}
