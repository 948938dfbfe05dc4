// The inflation functions of zlib, for import into Swift.
#pragma once
#include <zlib.h>

// Begins to inflate a stream, which must have the gzip format (RFC 1952). zlib verifies its checksum
// and length. This is a function because Swift cannot import zlib's macro.
static inline int dl_inflate_begin(z_stream *stream) {
  return inflateInit2(stream, 16 + MAX_WBITS);
}

// Begins to inflate a stream without a header, as in ZIP archives (RFC 1951).
static inline int dl_inflate_begin_raw(z_stream *stream) {
  return inflateInit2(stream, -MAX_WBITS);
}
