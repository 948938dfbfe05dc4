// Tiles for arm64: 32 registers of 4 elements. Two of them hold a vector.
#if defined(__aarch64__)
#define WIDTH 8
#define VECTORS 2
#define ROWS_1 12
#define ROWS_2 6
#define ROWS_3 0
#define ROWS_4 0
#define TABLE dl_neon_tiles
#define NAME "neon"
#include "tile.inc"
#endif
