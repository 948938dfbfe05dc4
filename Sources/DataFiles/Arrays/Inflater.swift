internal import CZlib

/// Inflates gzip streams, and the raw streams of ZIP archives, with zlib.
///
/// zlib keeps a pointer to its own state, which therefore is on the heap. zlib uses the pointers to
/// input and output only during a call.
@safe
final class Inflater {
  enum Progress: Equatable {
    /// The input is used up, or the output is full.
    case more
    /// A member of the gzip stream ended with the right checksum and length, or the raw stream ended.
    case memberEnd
    /// The stream is damaged, for the reason that zlib states.
    case damaged(String)
    case noMemory
  }

  /// The greatest compression ratio: deflate encodes at most 258 bytes in 2 bits.
  static let greatestRatio = 1032

  private let stream: UnsafeMutablePointer<z_stream>
  private let isReady: Bool

  /// - Parameter isRaw: whether the stream has no header and no checksum.
  init(isRaw: Bool = false) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    isReady = unsafe (isRaw ? dl_inflate_begin_raw(stream) : dl_inflate_begin(stream)) == Z_OK
  }

  deinit {
    if isReady { unsafe inflateEnd(stream) }
    unsafe stream.deallocate()
  }

  /// Inflates `input` from `place` to `output` from `filled`, until one of them ends.
  func inflate(
    _ input: [UInt8], _ place: inout Int, to output: inout [UInt8], _ filled: inout Int
  ) -> Progress {
    guard isReady else { return .noMemory }
    let (start, end) = (place, filled)
    let status = unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe stream.pointee.next_in = source.baseAddress.map {
          unsafe UnsafeMutablePointer(mutating: $0 + start)
        }
        unsafe stream.pointee.avail_in = UInt32(clamping: source.count - start)
        unsafe stream.pointee.next_out = target.baseAddress.map { unsafe $0 + end }
        unsafe stream.pointee.avail_out = UInt32(clamping: target.count - end)
        return unsafe CZlib.inflate(stream, Z_NO_FLUSH)
      }
    }
    place = unsafe input.count - Int(stream.pointee.avail_in)
    filled = unsafe output.count - Int(stream.pointee.avail_out)
    switch status {
    case Z_STREAM_END: return .memberEnd
    case Z_OK where place > start || filled > end: return .more
    case Z_MEM_ERROR: return .noMemory
    default: return .damaged(reason)
    }
  }

  private var reason: String {
    unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "no progress"
  }

  /// Prepares for the next member of the stream.
  func beginMember() { if isReady { unsafe inflateReset(stream) } }
}
