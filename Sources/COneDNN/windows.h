// Convolution and pooling: primitives that move a window over the spatial axes.
#pragma once

// A window over `axes` spatial axes. A dilation of 0 leaves no gap between the elements.
typedef struct {
  int axes;
  const dnnl_dim_t *kernel;
  const dnnl_dim_t *stride;
  const dnnl_dim_t *dilation;
  const dnnl_dim_t *low_padding;
  const dnnl_dim_t *high_padding;
} dl_window_t;

typedef enum { dl_forward, dl_backward_data, dl_backward_weights } dl_direction_t;

typedef enum { dl_max, dl_average_without_padding, dl_average_with_padding } dl_pooling_t;

static inline void dl_copy_window(dnnl_dims_t to, const dnnl_dim_t *from, int axes) {
  for (int axis = 0; axis < DNNL_MAX_NDIMS; axis++) to[axis] = axis < axes ? from[axis] : 0;
}

// The descriptor of one direction; backward ones want the forward one as a hint.
static inline dnnl_status_t dl_convolution_direction(
    dnnl_primitive_desc_t *descriptor, dnnl_engine_t engine, dl_direction_t direction,
    dl_const_layout_t source, dl_const_layout_t weights, dl_const_layout_t bias,
    dl_const_layout_t destination, dl_window_t window, const_dnnl_primitive_attr_t attributes,
    const_dnnl_primitive_desc_t hint) {
  dnnl_dims_t stride, dilation, low, high;
  dl_copy_window(stride, window.stride, window.axes);
  dl_copy_window(dilation, window.dilation, window.axes);
  dl_copy_window(low, window.low_padding, window.axes);
  dl_copy_window(high, window.high_padding, window.axes);
  dnnl_alg_kind_t algorithm = dnnl_convolution_direct;
#if DNNL_VERSION_MAJOR >= 3
  switch (direction) {
    case dl_forward:
      return dnnl_convolution_forward_primitive_desc_create(
          descriptor, engine, dnnl_forward_training, algorithm, source, weights, bias, destination,
          stride, dilation, low, high, attributes);
    case dl_backward_data:
      return dnnl_convolution_backward_data_primitive_desc_create(
          descriptor, engine, algorithm, source, weights, destination, stride, dilation, low, high,
          hint, attributes);
    default:
      return dnnl_convolution_backward_weights_primitive_desc_create(
          descriptor, engine, algorithm, source, weights, bias, destination, stride, dilation, low,
          high, hint, attributes);
  }
#else
  dnnl_convolution_desc_t operation;
  dnnl_status_t status;
  switch (direction) {
    case dl_forward:
      status = dnnl_dilated_convolution_forward_desc_init(
          &operation, dnnl_forward_training, algorithm, source, weights, bias, destination, stride,
          dilation, low, high);
      break;
    case dl_backward_data:
      status = dnnl_dilated_convolution_backward_data_desc_init(
          &operation, algorithm, source, weights, destination, stride, dilation, low, high);
      break;
    default:
      status = dnnl_dilated_convolution_backward_weights_desc_init(
          &operation, algorithm, source, weights, bias, destination, stride, dilation, low, high);
  }
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(descriptor, &operation, attributes, engine, hint);
#endif
}

// destination = nonlinearity(source convolved with weights + bias), or a gradient of it: the
// operand of the direction is then the result, and each layout is that of its gradient.
static inline dnnl_status_t dl_convolution_create(
    dnnl_primitive_desc_t *descriptor, dnnl_engine_t engine, dl_direction_t direction,
    dl_const_layout_t source, dl_const_layout_t weights, dl_const_layout_t bias,
    dl_const_layout_t destination, dl_window_t window, dl_nonlinearity_t nonlinearity,
    float slope) {
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_status_t status = dl_attributes_create(&attributes, nonlinearity, slope);
  if (status != dnnl_success) return status;
  dnnl_primitive_desc_t hint = NULL;
  if (direction != dl_forward) {
    status = dl_convolution_direction(
        &hint, engine, dl_forward, source, weights, NULL, destination, window, attributes, NULL);
  }
  if (status == dnnl_success) {
    status = dl_convolution_direction(
        descriptor, engine, direction, source, weights, bias, destination, window, attributes,
        hint);
  }
  if (hint) dnnl_primitive_desc_destroy(hint);
  dnnl_primitive_attr_destroy(attributes);
  return status;
}

static inline dnnl_status_t dl_pooling_direction(
    dnnl_primitive_desc_t *descriptor, dnnl_engine_t engine, int is_backward,
    dnnl_alg_kind_t algorithm, dl_const_layout_t source, dl_const_layout_t destination,
    dl_window_t window, const_dnnl_primitive_attr_t attributes,
    const_dnnl_primitive_desc_t hint) {
  dnnl_dims_t kernel, stride, dilation, low, high;
  dl_copy_window(kernel, window.kernel, window.axes);
  dl_copy_window(stride, window.stride, window.axes);
  dl_copy_window(dilation, window.dilation, window.axes);
  dl_copy_window(low, window.low_padding, window.axes);
  dl_copy_window(high, window.high_padding, window.axes);
#if DNNL_VERSION_MAJOR >= 3
  if (is_backward) {
    return dnnl_pooling_backward_primitive_desc_create(
        descriptor, engine, algorithm, source, destination, stride, kernel, dilation, low, high,
        hint, attributes);
  }
  return dnnl_pooling_forward_primitive_desc_create(
      descriptor, engine, dnnl_forward_training, algorithm, source, destination, stride, kernel,
      dilation, low, high, attributes);
#else
  dnnl_pooling_v2_desc_t operation;
  dnnl_status_t status =
      is_backward ? dnnl_pooling_v2_backward_desc_init(
                        &operation, algorithm, source, destination, stride, kernel, dilation, low,
                        high)
                  : dnnl_pooling_v2_forward_desc_init(
                        &operation, dnnl_forward_training, algorithm, source, destination, stride,
                        kernel, dilation, low, high);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(descriptor, &operation, attributes, engine, hint);
#endif
}

// destination = the maximum or mean of each window of source, or its gradient.
static inline dnnl_status_t dl_pooling_create(
    dnnl_primitive_desc_t *descriptor, dnnl_engine_t engine, int is_backward, dl_pooling_t kind,
    dl_const_layout_t source, dl_const_layout_t destination, dl_window_t window) {
  dnnl_alg_kind_t algorithm = kind == dl_max ? dnnl_pooling_max
                              : kind == dl_average_with_padding
                                  ? dnnl_pooling_avg_include_padding
                                  : dnnl_pooling_avg_exclude_padding;
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_status_t status = dl_attributes_create(&attributes, dl_no_nonlinearity, 0);
  if (status != dnnl_success) return status;
  dnnl_primitive_desc_t hint = NULL;
  if (is_backward) {
    status = dl_pooling_direction(
        &hint, engine, 0, algorithm, source, destination, window, attributes, NULL);
  }
  if (status == dnnl_success) {
    status = dl_pooling_direction(
        descriptor, engine, is_backward, algorithm, source, destination, window, attributes, hint);
  }
  if (hint) dnnl_primitive_desc_destroy(hint);
  dnnl_primitive_attr_destroy(attributes);
  return status;
}
