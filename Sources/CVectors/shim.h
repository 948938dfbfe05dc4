// Vector operations that Swift's standard library computes lane by lane.
//
// Its square root of a vector calls the C library for each element, because the C function sets
// errno. The processor has one instruction for all elements.
#ifndef DLRUN_VECTORS_SHIM_H
#define DLRUN_VECTORS_SHIM_H

typedef float dl_float8_t __attribute__((ext_vector_type(8)));

static inline __attribute__((always_inline)) dl_float8_t dl_square_roots(dl_float8_t x) {
  return __builtin_elementwise_sqrt(x);
}

#endif
