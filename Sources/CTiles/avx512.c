// Tiles for processors with AVX-512: 32 registers of 16 elements.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma"))), apply_to = function)
#define WIDTH 16
#define VECTORS 4
#define ROWS_1 24
#define ROWS_2 14
#define ROWS_3 9
#define ROWS_4 6
#define TABLE dl_avx512_tiles
#define NAME "avx512"
#include "tile.inc"
#pragma clang attribute pop
#endif
