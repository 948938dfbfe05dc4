// zlib's inflation, as Swift imports it.
#pragma once
#include <zlib.h>

// Begins to inflate a gzip stream (RFC 1952) and nothing else; zlib checks its checksum and length.
// A function, since Swift does not see zlib's macro.
static inline int dl_inflate_begin(z_stream *stream) {
  return inflateInit2(stream, 16 + MAX_WBITS);
}
