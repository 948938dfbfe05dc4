// Counts the heap allocations of the process. A test executable that links this uses its malloc.
#pragma once
#include <stdbool.h>

// Returns false in a build with a sanitizer. A sanitizer has its own malloc, so this one cannot count.
bool allocation_counting_is_available(void);

// Resets the count to 0, and starts counting on all threads.
void allocation_counting_begin(void);

// Stops counting, and returns the number of allocations.
long allocation_counting_end(void);
