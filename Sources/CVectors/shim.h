// Operations on vectors that Swift's standard library does lane by lane.
//
// Its square root of a vector takes each element by itself, with a branch to the C library's root,
// which sets errno; the processor has an instruction for all of them.
#ifndef DLRUN_VECTORS_SHIM_H
#define DLRUN_VECTORS_SHIM_H

typedef float dl_float8_t __attribute__((ext_vector_type(8)));

static inline __attribute__((always_inline)) dl_float8_t dl_square_roots(dl_float8_t x) {
  return __builtin_elementwise_sqrt(x);
}

// Whether the processor has the instructions that Package.swift has vectors made of.
static inline int dl_has_vectors(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") != 0;
#else
  return 1;
#endif
}

#endif
