// Tiles for processors with AVX-512 and half of a vector: 32 registers of 8 elements.
//
// They waste less of a last vector. Processors that compute a whole vector in two halves lose nothing by them.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma"))), apply_to = function)
#define WIDTH 8
#define VECTORS 4
#define ROWS_1 24
#define ROWS_2 14
#define ROWS_3 9
#define ROWS_4 6
#define TABLE dl_avx512vl_tiles
#define NAME "avx512vl"
#include "tile.inc"
#pragma clang attribute pop
#endif
