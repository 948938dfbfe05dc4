// Prints a checksum of random tiles: checksums [TABLE]
//
// Every table, and every processor that runs one, prints the same line.
#include "tiles.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { ELEMENTS = 1 << 16, TILES = 4000 };

static uint64_t state = 1;

// A number from 0 to limit - 1, by the generator of D. E. Knuth, "MMIX".
static ptrdiff_t random_below(ptrdiff_t limit) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (ptrdiff_t)((state >> 33) % (uint64_t)limit);
}

static void fill(float *values) {
  for (int i = 0; i < ELEMENTS; i++) values[i] = (float)(random_below(2000001) - 1000000) * 1e-6f;
}

int main(int count, char **arguments) {
  const dl_tiles_t *tiles = dl_tiles(count > 1 ? arguments[1] : NULL);
  if (tiles == NULL) return fprintf(stderr, "this processor has no such tiles\n"), 1;
  static float left[ELEMENTS], right[ELEMENTS], addend[ELEMENTS], result[ELEMENTS];
  static dl_segment_t segments[8];
  fill(left), fill(right), fill(addend), fill(result);
  uint64_t checksum = 0xcbf29ce484222325u;
  for (int number = 0; number < TILES; number++) {
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
    // Panels of any width have the same results.
    const ptrdiff_t width = tiles->width * tiles->vectors;
    for (ptrdiff_t first = 0; first < columns; first += width) {
      tile.left = left + (is_lanes ? first : 0);
      tile.right = right + first;
      tile.result = result + first;
      tile.bias = has_bias ? addend + 7 + first : NULL;
      tile.addend = has_addend ? addend + first : NULL;
      tile.columns = columns - first < width ? columns - first : width;
      (is_lanes ? tiles->multiply_lanes : tiles->multiply)(&tile);
    }
    for (ptrdiff_t line = 0; line < tile.lines; line++) {
      for (ptrdiff_t row = 0; row < tile.rows; row++) {
        for (ptrdiff_t column = 0; column < columns; column++) {
          float *value = result + line * tile.result_line + row * tile.result_row + column;
          union { float value; uint32_t bits; } both = { *value };
          checksum = (checksum ^ both.bits) * 0x100000001b3u;
          // Sums of sums would overflow in the end.
          *value *= 0.25f;
        }
      }
    }
  }
  printf("%016llx\n", (unsigned long long)checksum);
}
