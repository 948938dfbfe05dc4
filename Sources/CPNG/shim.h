// Decodes a PNG file in memory with libpng, for import into Swift.
//
// libpng reports an error by longjmp, which must not cross a Swift frame. Therefore one function
// here makes all calls of libpng, and returns a status.
#pragma once
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

enum { DL_PNG_DONE = 0, DL_PNG_DAMAGED = 1, DL_PNG_NO_MEMORY = 2 };

typedef struct {
  // The whole file.
  const unsigned char *bytes;
  size_t count;
  // The decoded rows. Every row has `row_bytes` bytes. The caller knows the size from the header.
  unsigned char *pixels;
  size_t row_bytes;
  unsigned height;
  // Whether grey values become red, green and blue.
  int is_color;
  // Whether samples have 16 bits, in the byte order of the processor. Otherwise they have 8 bits.
  int is_wide;
  // Whether samples stay as stored: grey values are not scaled, and indices stay indices.
  int is_stored;
  // Result: the number of bytes that libpng read, and the reason of a failure.
  size_t place;
  char reason[200];
} dl_png_task;

typedef struct {
  dl_png_task *task;
  int status;
  jmp_buf exit;
} dl_png_call;

static inline void dl_png_fail(png_structp png, png_const_charp reason) {
  dl_png_call *call = (dl_png_call *)png_get_error_ptr(png);
  strncpy(call->task->reason, reason, sizeof(call->task->reason) - 1);
  if (call->status == DL_PNG_DONE) call->status = DL_PNG_DAMAGED;
  longjmp(call->exit, 1);
}

// Ignores a warning about metadata. Warnings about pixels are errors: see png_set_benign_errors.
static inline void dl_png_warn(png_structp png, png_const_charp reason) {
  (void)png;
  (void)reason;
}

static inline png_voidp dl_png_allocate(png_structp png, png_alloc_size_t size) {
  void *memory = malloc(size);
  if (memory == NULL) ((dl_png_call *)png_get_mem_ptr(png))->status = DL_PNG_NO_MEMORY;
  return memory;
}

static inline void dl_png_free(png_structp png, png_voidp memory) {
  (void)png;
  free(memory);
}

static inline void dl_png_read(png_structp png, png_bytep target, size_t count) {
  dl_png_task *task = ((dl_png_call *)png_get_io_ptr(png))->task;
  if (count > task->count - task->place) {
    task->place = task->count;
    png_error(png, "the end of the file");
  }
  memcpy(target, task->bytes + task->place, count);
  task->place += count;
}

// States how libpng checks the file.
static inline void dl_png_check(png_structp png) {
  // A wrong checksum is an error in every chunk, also in one that is skipped.
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_benign_errors(png, 0);
  // All chunks that do not change the pixels are skipped.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
}

// States the form of the decoded rows, after the header was read.
static inline void dl_png_transform(png_structp png, png_infop info, const dl_png_task *task) {
  if (png_get_color_type(png, info) == PNG_COLOR_TYPE_PALETTE || task->is_stored) {
    // Each index, and each sample of fewer than 8 bits, gets a byte.
    png_set_packing(png);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (task->is_wide) png_set_swap(png);
#endif
    return;
  }
  // Fewer than 8 bits become 8, and tRNS becomes alpha.
  png_set_expand(png);
  if (task->is_wide) {
    png_set_expand_16(png);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    png_set_swap(png);
#endif
  } else {
    png_set_scale_16(png);
  }
  if (task->is_color) png_set_gray_to_rgb(png);
}

// Replaces the indices at the start of each row by colours, from the last pixel to the first.
//
// libpng's own expansion takes an index beyond the palette as black.
static inline void dl_png_expand_palette(png_structp png, png_infop info, dl_png_task *task) {
  png_colorp palette = NULL;
  png_bytep alpha = NULL;
  int count = 0, alpha_count = 0;
  png_get_PLTE(png, info, &palette, &count);
  int has_alpha = png_get_tRNS(png, info, &alpha, &alpha_count, NULL) != 0;
  size_t width = png_get_image_width(png, info), repeat = task->is_wide ? 2 : 1;
  for (size_t row = 0; row < task->height; row++) {
    unsigned char *start = task->pixels + row * task->row_bytes;
    unsigned char *target = start + task->row_bytes;
    for (size_t column = width; column-- > 0;) {
      int index = start[column];
      if (index >= count) png_error(png, "an index beyond the palette");
      png_byte values[4] = {
        palette[index].red, palette[index].green, palette[index].blue,
        index < alpha_count ? alpha[index] : 255};
      // A sample of 16 bits consists of twice the same byte.
      for (int channel = has_alpha ? 3 : 2; channel >= 0; channel--)
        for (size_t time = 0; time < repeat; time++) *--target = values[channel];
    }
  }
}

// Returns the size in bytes of the rows of the result.
static inline size_t dl_png_row_bytes(png_structp png, png_infop info, const dl_png_task *task) {
  if (png_get_color_type(png, info) != PNG_COLOR_TYPE_PALETTE || task->is_stored)
    return png_get_rowbytes(png, info);
  size_t components = png_get_valid(png, info, PNG_INFO_tRNS) != 0 ? 4 : 3;
  return png_get_image_width(png, info) * components * (task->is_wide ? 2 : 1);
}

// Decodes all rows and checks the file to its end. Returns one of the statuses above.
static inline int dl_png_decode(dl_png_task *task) {
  dl_png_call call = {.task = task, .status = DL_PNG_DONE};
  png_structp volatile png = NULL;
  png_infop volatile info = NULL;
  task->place = 0;
  if (setjmp(call.exit) == 0) {
    png = png_create_read_struct_2(
      PNG_LIBPNG_VER_STRING, &call, dl_png_fail, dl_png_warn, &call, dl_png_allocate, dl_png_free);
    if (png != NULL) info = png_create_info_struct(png);
    if (info == NULL) {
      call.status = DL_PNG_NO_MEMORY;
    } else {
      png_set_read_fn(png, &call, dl_png_read);
      dl_png_check(png);
      png_read_info(png, info);
      dl_png_transform(png, info, task);
      int passes = png_set_interlace_handling(png);
      png_read_update_info(png, info);
      if (dl_png_row_bytes(png, info, task) != task->row_bytes
          || png_get_image_height(png, info) != task->height)
        png_error(png, "another size than the header states");
      for (int pass = 0; pass < passes; pass++)
        for (size_t row = 0; row < task->height; row++)
          png_read_row(png, task->pixels + row * task->row_bytes, NULL);
      png_read_end(png, NULL);
      if (png_get_color_type(png, info) == PNG_COLOR_TYPE_PALETTE && !task->is_stored)
        dl_png_expand_palette(png, info, task);
    }
  }
  png_structp created = png;
  png_infop described = info;
  if (created != NULL) png_destroy_read_struct(&created, &described, NULL);
  return call.status;
}
