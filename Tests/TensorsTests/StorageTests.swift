import Tensors
import Testing

@Suite("Storage") struct StorageTests {
  @Test("begins at a cache line and holds zeros", arguments: [0, 1, 15, 16, 17, 1_000, 100_003])
  func alignment(count: Int) throws {
    // Allocates several at once, and again after written memory was freed.
    for _ in 0..<4 {
      let storages = try (0..<3).map { _ in try #require(Storage<Float>(count: count)) }
      for storage in storages {
        let address = unsafe UInt(bitPattern: storage.buffer.baseAddress)
        #expect(address != 0)
        #expect(address % 64 == 0)
        #expect(unsafe storage.buffer.count == count)
        #expect(storage.count == count)
        #expect(storage.array == Array(repeating: 0, count: count))
        for index in 0..<count { storage[index] = .nan }
      }
    }
  }

  @Test("keeps written values in the element's type")
  func elements() throws {
    let storage = try #require(Storage<Int32>(count: 3))
    for index in 0..<3 { storage[index] = Int32(index) - 1 }
    #expect(storage.array == [-1, 0, 1])
    #expect(unsafe Array(storage.buffer) == [-1, 0, 1])
    #expect(storage[2] == 1)
  }

  @Test("shares its memory with its parts and outlives them")
  func parts() async throws {
    var part: Storage<Int32>?
    do {
      let whole = try #require(Storage<Int32>(count: 5))
      for index in 0..<5 { whole[index] = Int32(index) }
      part = Storage(1..<4, of: whole)
      whole[2] = 7
    }
    let inner = Storage(1..<3, of: try #require(part))
    part = nil
    #expect(inner.array == [7, 3])
    #expect(Storage(0..<0, of: inner).array == [])
    await #expect(processExitsWith: .failure) {
      if let whole = Storage<Int32>(count: 5) { _ = Storage(3..<6, of: whole) }
    }
  }

  @Test(
    "is refused where the size overflows or no machine has it",
    arguments: [Int.max, Int.max / 4, Int.max / 4 + 1, 1 << 60])
  func refusal(count: Int) {
    #expect(Storage<Float>(count: count) == nil)
  }

  @Test("stops the program at an index beyond its end")
  func bounds() async {
    await #expect(processExitsWith: .failure) { Storage<Float>(count: 3)?[3] = 1 }
    await #expect(processExitsWith: .failure) { _ = Storage<Float>(count: 3)?[-1] }
    await #expect(processExitsWith: .success) { Storage<Float>(count: 3)?[2] = 1 }
  }
}
