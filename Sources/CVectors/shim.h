// Operations on vectors that Swift's standard library does lane by lane.
//
// Its square root of a vector calls one of the C library's for each element, which sets errno: many times slower than the
// processor's own instruction.
#ifndef DLRUN_VECTORS_SHIM_H
#define DLRUN_VECTORS_SHIM_H

typedef float dl_float8_t __attribute__((ext_vector_type(8)));

static inline __attribute__((always_inline)) dl_float8_t dl_square_roots(dl_float8_t x) {
  return __builtin_elementwise_sqrt(x);
}

#endif
