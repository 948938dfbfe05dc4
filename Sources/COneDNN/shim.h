// The oneDNN functions that dlrun uses, with one interface for versions 2.x and 3.x.
//
// The versions differ in three ways. A memory descriptor is a struct by value in 2.x and an opaque
// handle in 3.x. 2.x makes a primitive descriptor from an operation descriptor such as
// dnnl_matmul_desc_t, and 3.x makes it in one step. An eltwise post-op has a scale only in 2.x. No
// other code depends on the version.
#pragma once
#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.h>
#include <stdlib.h>

// A memory descriptor that its owner frees with dl_layout_destroy.
#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t dl_layout_t;
typedef const_dnnl_memory_desc_t dl_const_layout_t;
#else
typedef dnnl_memory_desc_t *dl_layout_t;
typedef const dnnl_memory_desc_t *dl_const_layout_t;
#endif

typedef enum { dl_no_nonlinearity, dl_relu } dl_nonlinearity_t;

// Creates a matrix layout with element (r, c) at r * row_stride + c * column_stride. Strides of 0
// leave the layout to the primitive.
static inline dnnl_status_t dl_layout_create(
    dl_layout_t *layout, dnnl_dim_t rows, dnnl_dim_t columns, dnnl_dim_t row_stride,
    dnnl_dim_t column_stride) {
  dnnl_dims_t dims = {rows, columns};
  dnnl_dims_t strides = {row_stride, column_stride};
  int any = row_stride == 0 && column_stride == 0;
#if DNNL_VERSION_MAJOR >= 3
  return any ? dnnl_memory_desc_create_with_tag(layout, 2, dims, dnnl_f32, dnnl_format_tag_any)
             : dnnl_memory_desc_create_with_strides(layout, 2, dims, dnnl_f32, strides);
#else
  *layout = (dnnl_memory_desc_t *)malloc(sizeof(dnnl_memory_desc_t));
  if (!*layout) return dnnl_out_of_memory;
  dnnl_status_t status =
      any ? dnnl_memory_desc_init_by_tag(*layout, 2, dims, dnnl_f32, dnnl_format_tag_any)
          : dnnl_memory_desc_init_by_strides(*layout, 2, dims, dnnl_f32, strides);
  if (status != dnnl_success) free(*layout);
  return status;
#endif
}

static inline void dl_layout_destroy(dl_layout_t layout) {
#if DNNL_VERSION_MAJOR >= 3
  dnnl_memory_desc_destroy(layout);
#else
  free(layout);
#endif
}

// The memory order of a tensor. `dl_blocked` stores sixteen channels (axis 1) together. `dl_any`
// leaves the layout to the primitive.
typedef enum { dl_plain, dl_channels_last, dl_blocked, dl_any } dl_order_t;

static inline dnnl_status_t dl_tensor_create(
    dl_layout_t *layout, int rank, const dnnl_dim_t *dims, dl_order_t order) {
  if (rank < 1 || rank > 6) return dnnl_invalid_arguments;
  dnnl_format_tag_t tag = dnnl_format_tag_any;
  if (order == dl_blocked) {
    if (rank < 3 || rank > 5) return dnnl_invalid_arguments;
    tag = rank == 3 ? dnnl_nCw16c : rank == 4 ? dnnl_nChw16c : dnnl_nCdhw16c;
  }
  int is_strided = order == dl_plain || order == dl_channels_last;
  dnnl_dims_t extents = {0}, strides = {0};
  dnnl_dim_t stride = 1;
  for (int axis = 0; axis < rank; axis++) extents[axis] = dims[axis];
  if (order == dl_channels_last && rank > 1) {
    strides[1] = 1;
    stride = dims[1];
  }
  for (int axis = rank - 1; axis >= 0; axis--) {
    if (order == dl_channels_last && axis == 1) continue;
    strides[axis] = stride;
    stride *= dims[axis];
  }
#if DNNL_VERSION_MAJOR >= 3
  return is_strided
             ? dnnl_memory_desc_create_with_strides(layout, rank, extents, dnnl_f32, strides)
             : dnnl_memory_desc_create_with_tag(layout, rank, extents, dnnl_f32, tag);
#else
  *layout = (dnnl_memory_desc_t *)malloc(sizeof(dnnl_memory_desc_t));
  if (!*layout) return dnnl_out_of_memory;
  dnnl_status_t status =
      is_strided ? dnnl_memory_desc_init_by_strides(*layout, rank, extents, dnnl_f32, strides)
                 : dnnl_memory_desc_init_by_tag(*layout, rank, extents, dnnl_f32, tag);
  if (status != dnnl_success) free(*layout);
  return status;
#endif
}

// The index of the argument that is added to a result.
static const int dl_addend_argument = DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1;

// The operations after a product or a convolution: first an optional sum, then a nonlinearity. The
// sum adds the previous content of the result's memory, or the addend if there is one.
typedef struct {
  int accumulates;
  dl_const_layout_t addend;
  dl_nonlinearity_t nonlinearity;
  float slope;
} dl_tail_t;

static inline dnnl_status_t dl_append_sum(dnnl_post_ops_t operations) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_post_ops_append_sum(operations, 1, 0, dnnl_data_type_undef);
#else
  return dnnl_post_ops_append_sum(operations, 1);
#endif
}

static inline dnnl_status_t dl_append_relu(dnnl_post_ops_t operations, float slope) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_post_ops_append_eltwise(operations, dnnl_eltwise_relu, slope, 0);
#else
  return dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, slope, 0);
#endif
}

// Creates attributes for scratch memory from the plan, so that execution allocates no memory.
static inline dnnl_status_t dl_attributes_create(
    dnnl_primitive_attr_t *attributes, dl_tail_t tail) {
  dnnl_post_ops_t operations = NULL;
  dnnl_status_t status = dnnl_primitive_attr_create(attributes);
  if (status != dnnl_success) return status;
  status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
  if (status == dnnl_success) status = dnnl_post_ops_create(&operations);
  if (status == dnnl_success) {
    if (tail.accumulates) status = dl_append_sum(operations);
    if (status == dnnl_success && tail.addend) {
      status = dnnl_post_ops_append_binary(operations, dnnl_binary_add, tail.addend);
    }
    if (status == dnnl_success && tail.nonlinearity != dl_no_nonlinearity) {
      status = dl_append_relu(operations, tail.slope);
    }
    if (status == dnnl_success) {
      status = dnnl_primitive_attr_set_post_ops(*attributes, operations);
    }
    dnnl_post_ops_destroy(operations);
  }
  if (status != dnnl_success) dnnl_primitive_attr_destroy(*attributes);
  return status;
}

// destination = tail(source * weights + bias)
//
// source is rows x depth, weights depth x columns, destination rows x columns.
static inline dnnl_status_t dl_matmul_create(
    dnnl_primitive_desc_t *descriptor, dnnl_engine_t engine, dl_const_layout_t source,
    dl_const_layout_t weights, dl_const_layout_t bias, dl_const_layout_t destination,
    dl_tail_t tail) {
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_status_t status = dl_attributes_create(&attributes, tail);
  if (status != dnnl_success) return status;
#if DNNL_VERSION_MAJOR >= 3
  status = dnnl_matmul_primitive_desc_create(
      descriptor, engine, source, weights, bias, destination, attributes);
#else
  dnnl_matmul_desc_t operation;
  status = dnnl_matmul_desc_init(&operation, source, weights, bias, destination);
  if (status == dnnl_success) {
    status = dnnl_primitive_desc_create(descriptor, &operation, attributes, engine, NULL);
  }
#endif
  dnnl_primitive_attr_destroy(attributes);
  return status;
}

// Creates a copy that changes the layout.
static inline dnnl_status_t dl_reorder_create(
    dnnl_primitive_desc_t *descriptor, dnnl_engine_t engine, dl_const_layout_t from,
    dl_const_layout_t to) {
  return dnnl_reorder_primitive_desc_create(descriptor, from, engine, to, engine, NULL);
}

// Returns a layout that a primitive chose. It is valid as long as the primitive descriptor.
static inline dl_const_layout_t dl_weights_layout(const_dnnl_primitive_desc_t descriptor) {
  return dnnl_primitive_desc_query_md(descriptor, dnnl_query_weights_md, 0);
}

static inline dl_const_layout_t dl_scratchpad_layout(const_dnnl_primitive_desc_t descriptor) {
  return dnnl_primitive_desc_query_md(descriptor, dnnl_query_scratchpad_md, 0);
}

static inline dl_const_layout_t dl_diff_weights_layout(const_dnnl_primitive_desc_t descriptor) {
  return dnnl_primitive_desc_query_md(descriptor, dnnl_query_diff_weights_md, 0);
}

static inline size_t dl_layout_bytes(dl_const_layout_t layout) {
  return layout ? dnnl_memory_desc_get_size(layout) : 0;
}

// Returns the name of the kernel that oneDNN chose.
static inline const char *dl_implementation(const_dnnl_primitive_desc_t descriptor) {
  const char *name = NULL;
  dnnl_status_t status =
      dnnl_primitive_desc_query(descriptor, dnnl_query_impl_info_str, 0, &name);
  return status == dnnl_success && name ? name : "unknown";
}

// Restricts oneDNN to the calling thread. The function finds the OpenMP runtime by name, because a
// build without OpenMP has no such runtime and needs no setting. RTLD_DEFAULT would need
// _GNU_SOURCE, which would change the C library's headers from those that Swift imported.
static inline void dl_use_one_thread(void) {
  void *program = dlopen(NULL, RTLD_LAZY);
  if (!program) return;
  void (*set_threads)(int) = (void (*)(int))dlsym(program, "omp_set_num_threads");
  if (set_threads) set_threads(1);
  dlclose(program);
}

#include "windows.h"
