internal import CTiles

/// Values in memory of their own, which a kernel passes to C: segments of tiles, and places of rows.
@safe
final class FixedTable<Value: BitwiseCopyable>: @unchecked Sendable {
  private let memory: UnsafeMutablePointer<Value>

  init(_ values: [Value]) {
    unsafe memory = .allocate(capacity: max(1, values.count))
    for (index, value) in values.enumerated() { unsafe (memory + index).initialize(to: value) }
  }

  deinit { unsafe memory.deallocate() }

  @inline(__always)
  func start(_ index: Int = 0) -> UnsafePointer<Value> { unsafe UnsafePointer(memory + index) }
}

typealias SegmentTable = FixedTable<dl_segment_t>
