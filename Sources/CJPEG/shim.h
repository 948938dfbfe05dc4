// Decodes a JPEG file in memory with libjpeg, for import into Swift.
//
// libjpeg reports an error by longjmp, which must not cross a Swift frame. Therefore one function
// here makes all calls of libjpeg, and returns a status.
#pragma once
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <jpeglib.h>
#include <jerror.h>

enum { DL_JPEG_DONE = 0, DL_JPEG_DAMAGED = 1, DL_JPEG_NO_MEMORY = 2 };

typedef struct {
  // The whole file.
  const unsigned char *bytes;
  size_t count;
  // The image is decoded at `eighths`/8 of its size.
  unsigned eighths;
  // The decoded rows. The caller knows their size from the header.
  unsigned char *pixels;
  unsigned width;
  unsigned height;
  // The components of a pixel: 1 grey, 3 RGB, 4 CMYK as stored.
  int components;
  // The greatest memory in bytes and the greatest number of scans that libjpeg may use.
  long memory_limit;
  int scan_limit;
  // Result: the number of bytes that libjpeg read before a failure, and its reason.
  size_t place;
  char reason[JMSG_LENGTH_MAX];
} dl_jpeg_task;

typedef struct {
  struct jpeg_decompress_struct info;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  dl_jpeg_task *task;
  int status;
  jmp_buf exit;
} dl_jpeg_call;

static inline void dl_jpeg_leave(dl_jpeg_call *call, int status) {
  call->status = status;
  longjmp(call->exit, 1);
}

static inline void dl_jpeg_fail(j_common_ptr info) {
  dl_jpeg_call *call = (dl_jpeg_call *)info->client_data;
  int code = info->err->msg_code;
  info->err->format_message(info, call->task->reason);
  if (code == JWRN_JPEG_EOF) call->task->place = call->task->count;
  // libjpeg wants a temporary file when `max_memory_to_use` is not enough.
  int needs_memory = code == JERR_OUT_OF_MEMORY || code == JERR_NO_BACKING_STORE;
  dl_jpeg_leave(call, needs_memory ? DL_JPEG_NO_MEMORY : DL_JPEG_DAMAGED);
}

// A warning says that libjpeg invented pixels for damaged data, so it is an error here. Messages of
// other levels trace the work of libjpeg.
static inline void dl_jpeg_emit(j_common_ptr info, int level) {
  if (level < 0) dl_jpeg_fail(info);
}

static inline void dl_jpeg_count_scans(j_common_ptr info) {
  dl_jpeg_call *call = (dl_jpeg_call *)info->client_data;
  if (call->info.input_scan_number > call->task->scan_limit) {
    snprintf(
      call->task->reason, sizeof(call->task->reason), "more than %d scans", call->task->scan_limit);
    dl_jpeg_leave(call, DL_JPEG_DAMAGED);
  }
}

// Reads the header and states how libjpeg decodes. Every choice that changes pixels is explicit, so
// that defaults of another version cannot change them.
static inline void dl_jpeg_configure(j_decompress_ptr info, const dl_jpeg_task *task) {
  jpeg_mem_src(info, task->bytes, task->count);
  jpeg_read_header(info, TRUE);
  info->scale_num = task->eighths;
  info->scale_denom = 8;
  info->dct_method = JDCT_ISLOW;
  info->do_fancy_upsampling = TRUE;
  // Smoothing invents the coefficients that a progressive file does not contain.
  info->do_block_smoothing = FALSE;
  info->out_color_space =
    task->components == 1 ? JCS_GRAYSCALE : task->components == 3 ? JCS_RGB : JCS_CMYK;
  info->mem->max_memory_to_use = task->memory_limit;
}

static inline void dl_jpeg_read_rows(dl_jpeg_call *call) {
  j_decompress_ptr info = &call->info;
  const dl_jpeg_task *task = call->task;
  jpeg_start_decompress(info);
  if (info->output_width != task->width || info->output_height != task->height
      || info->output_components != task->components) {
    strcpy(call->task->reason, "another size than the header states");
    dl_jpeg_leave(call, DL_JPEG_DAMAGED);
  }
  size_t stride = (size_t)task->width * (size_t)task->components;
  while (info->output_scanline < task->height) {
    JSAMPROW rows[4];
    unsigned count = task->height - info->output_scanline;
    if (count > 4) count = 4;
    for (unsigned row = 0; row < count; row++)
      rows[row] = task->pixels + (info->output_scanline + row) * stride;
    jpeg_read_scanlines(info, rows, count);
  }
  jpeg_finish_decompress(info);
}

// Decodes all rows and checks the file to the end of the image. Returns one of the statuses above.
static inline int dl_jpeg_decode(dl_jpeg_task *task) {
  dl_jpeg_call call;
  memset(&call, 0, sizeof(call));
  call.task = task;
  task->place = 0;
  call.info.err = jpeg_std_error(&call.errors);
  call.info.client_data = &call;
  call.errors.error_exit = dl_jpeg_fail;
  call.errors.emit_message = dl_jpeg_emit;
  call.progress.progress_monitor = dl_jpeg_count_scans;
  if (setjmp(call.exit) == 0) {
    jpeg_create_decompress(&call.info);
    call.info.progress = &call.progress;
    dl_jpeg_configure(&call.info, task);
    dl_jpeg_read_rows(&call);
  }
  if (task->place == 0 && call.info.src != NULL)
    task->place = task->count - call.info.src->bytes_in_buffer;
  jpeg_destroy_decompress(&call.info);
  return call.status;
}
