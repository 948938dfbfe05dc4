#define _GNU_SOURCE
#include "AllocationCounter.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif

static atomic_bool is_counting;
static atomic_long inside_onednn;
static atomic_long elsewhere;

bool allocation_counting_is_available(void) {
#ifdef HAS_SANITIZER
  return false;
#else
  return true;
#endif
}

void allocation_counting_begin(void) {
  atomic_store(&inside_onednn, 0);
  atomic_store(&elsewhere, 0);
  atomic_store(&is_counting, true);
}

allocation_counts_t allocation_counting_end(void) {
  atomic_store(&is_counting, false);
  return (allocation_counts_t){atomic_load(&inside_onednn), atomic_load(&elsewhere)};
}

#ifndef HAS_SANITIZER

// The allocation functions of glibc. It exports them under these names for replacements of malloc.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

// The number of running calls of dnnl_primitive_execute on this thread.
static _Thread_local int depth;

static void count(void) {
  if (!atomic_load_explicit(&is_counting, memory_order_relaxed)) return;
  atomic_fetch_add_explicit(
      depth > 0 ? &inside_onednn : &elsewhere, 1, memory_order_relaxed);
}

void *malloc(size_t size) {
  count();
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count();
  return __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size) {
  count();
  return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
  count();
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
  if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
  void *result = memalign(alignment, size);
  if (!result) return ENOMEM;
  *memory = result;
  return 0;
}

// This type is the same in every version of oneDNN: two handles, a count and an array. The result
// is an enumeration.
typedef int execute_t(const void *primitive, void *stream, int count, const void *arguments);

int dnnl_primitive_execute(
    const void *primitive, void *stream, int argument_count, const void *arguments) {
  static _Atomic(execute_t *) original;
  execute_t *execute = atomic_load(&original);
  if (!execute) {
    execute = (execute_t *)dlsym(RTLD_NEXT, "dnnl_primitive_execute");
    if (!execute) return -1;
    atomic_store(&original, execute);
  }
  depth += 1;
  int status = execute(primitive, stream, argument_count, arguments);
  depth -= 1;
  return status;
}

#endif
