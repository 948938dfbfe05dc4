// Counts the heap allocations of the process. A test executable that links this uses its malloc.
#pragma once
#include <stdbool.h>

typedef struct {
  // Allocations during a call of dnnl_primitive_execute on the same thread.
  long inside_onednn;
  long elsewhere;
} allocation_counts_t;

// Returns false in a build with a sanitizer. A sanitizer has its own malloc, so this one cannot count.
bool allocation_counting_is_available(void);

// Resets the counts to 0, and starts counting on all threads.
void allocation_counting_begin(void);

// Stops counting, and returns the counts.
allocation_counts_t allocation_counting_end(void);
