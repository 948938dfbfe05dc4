// Vector operations that Swift's standard library computes lane by lane.
#ifndef DLRUN_VECTORS_SHIM_H
#define DLRUN_VECTORS_SHIM_H

#define DL_INLINE static inline __attribute__((always_inline))

typedef float dl_float8_t __attribute__((ext_vector_type(8)));
typedef float dl_float16_t __attribute__((ext_vector_type(16)));
typedef unsigned dl_word16_t __attribute__((ext_vector_type(16)));
typedef unsigned long long dl_long8_t __attribute__((ext_vector_type(8)));

// Swift's square root of a vector calls the C library for each element, because the C function sets
// errno. The processor has one instruction for all elements.
DL_INLINE dl_float8_t dl_square_roots(dl_float8_t x) { return __builtin_elementwise_sqrt(x); }

// The upper 32 bits and the lower 32 bits of x * factor, element by element. The processor multiplies
// only every second element to 64 bits. The compiler computes the products of both functions once.
DL_INLINE dl_word16_t dl_upper_words(dl_word16_t x, unsigned factor) {
  const dl_long8_t lower = 0xffffffff, pairs = (dl_long8_t)x;
  const dl_long8_t even = (pairs & lower) * factor, odd = (pairs >> 32) * factor;
  return (dl_word16_t)(even >> 32 | (odd & ~lower));
}

DL_INLINE dl_word16_t dl_lower_words(dl_word16_t x, unsigned factor) {
  const dl_long8_t lower = 0xffffffff, pairs = (dl_long8_t)x;
  const dl_long8_t even = (pairs & lower) * factor, odd = (pairs >> 32) * factor;
  return (dl_word16_t)((even & lower) | odd << 32);
}

// The values whose word is at least `least`, and 0 for the others.
DL_INLINE dl_float16_t dl_kept(dl_float16_t values, dl_word16_t words, unsigned least) {
  return (dl_float16_t)((dl_word16_t)values & (dl_word16_t)(words >= least));
}

// x0 y0 x1 y1 … of the first and of the last eight elements.
DL_INLINE dl_word16_t dl_first_pairs(dl_word16_t x, dl_word16_t y) {
  return __builtin_shufflevector(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

DL_INLINE dl_word16_t dl_last_pairs(dl_word16_t x, dl_word16_t y) {
  return __builtin_shufflevector(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

#endif
