// Counts the heap allocations of the process: a test executable that links this has its own malloc.
#pragma once
#include <stdbool.h>

typedef struct {
  // Made while a call of dnnl_primitive_execute was under way on the same thread.
  long inside_onednn;
  long elsewhere;
} allocation_counts_t;

// False in a build with a sanitizer, which has a malloc of its own: nothing is counted then.
bool allocation_counting_is_available(void);

// Counts from 0 on, on all threads.
void allocation_counting_begin(void);

// Ends counting.
allocation_counts_t allocation_counting_end(void);
