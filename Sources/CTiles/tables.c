// The choice among the tables of tiles.
#include "tiles.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>

extern const dl_tiles_t dl_avx512_tiles, dl_avx512vl_tiles, dl_avx2_tiles;
#elif defined(__aarch64__)
extern const dl_tiles_t dl_neon_tiles;
#endif

static int is_wanted(const dl_tiles_t *tiles, const char *name) {
  return name == NULL || strcmp(name, tiles->name) == 0;
}

const dl_tiles_t *dl_tiles(const char *name) {
#if defined(__x86_64__)
  const int has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const int has_avx512 = has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
    && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
  if (has_avx512 && is_wanted(&dl_avx512_tiles, name)) return &dl_avx512_tiles;
  if (has_avx512 && is_wanted(&dl_avx512vl_tiles, name)) return &dl_avx512vl_tiles;
  if (has_avx2 && is_wanted(&dl_avx2_tiles, name)) return &dl_avx2_tiles;
#elif defined(__aarch64__)
  if (is_wanted(&dl_neon_tiles, name)) return &dl_neon_tiles;
#endif
  return NULL;
}

int dl_has_half_units(void) {
#if defined(__x86_64__)
  // AMD's family 25 with AVX-512 is Zen 4.
  unsigned a, b, c, d;
  if (!__get_cpuid(0, &a, &b, &c, &d) || b != signature_AMD_ebx || !__get_cpuid(1, &a, &b, &c, &d)) return 0;
  return (a >> 8 & 15) + (a >> 20 & 255) == 25;
#else
  return 0;
#endif
}
