// Convolutions: primitives that move a window over the spatial axes.
#pragma once

// A window over `axes` spatial axes. A dilation of 0 means no gap between the elements.
typedef struct {
  int axes;
  const dnnl_dim_t *kernel;
  const dnnl_dim_t *stride;
  const dnnl_dim_t *dilation;
  const dnnl_dim_t *low_padding;
  const dnnl_dim_t *high_padding;
} dl_window_t;

typedef enum { dl_forward, dl_backward_data, dl_backward_weights } dl_direction_t;

static inline void dl_copy_window(dnnl_dims_t to, const dnnl_dim_t *from, int axes) {
  for (int axis = 0; axis < DNNL_MAX_NDIMS; axis++) to[axis] = axis < axes ? from[axis] : 0;
}

// Creates the descriptor of one direction. The backward directions need the forward one as a hint.
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

// destination = tail(source convolved with weights + bias), or one of its gradients.
//
// In a backward direction, the operand of that direction is the result, and each layout is that of
// the operand's gradient.
static inline dnnl_status_t dl_convolution_create(
    dnnl_primitive_desc_t *descriptor, dnnl_engine_t engine, dl_direction_t direction,
    dl_const_layout_t source, dl_const_layout_t weights, dl_const_layout_t bias,
    dl_const_layout_t destination, dl_window_t window, dl_tail_t tail) {
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_status_t status = dl_attributes_create(&attributes, tail);
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
