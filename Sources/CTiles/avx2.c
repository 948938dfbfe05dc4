// Tiles for processors with AVX2 and fused multiply-adds: 16 registers of 8 elements.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define WIDTH 8
#define VECTORS 2
#define ROWS_1 12
#define ROWS_2 6
#define ROWS_3 0
#define ROWS_4 0
#define TABLE dl_avx2_tiles
#define NAME "avx2"
#include "tile.inc"
#pragma clang attribute pop
#endif
