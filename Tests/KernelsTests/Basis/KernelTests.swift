import Kernels
import Tensors
import Testing

@Suite("Views") struct KernelTests {
  private static func storage(_ count: Int) -> FloatStorage {
    guard let storage = FloatStorage(count: count) else { preconditionFailure("no memory") }
    for index in 0..<count { storage[index] = Float(index) }
    return storage
  }

  @Test("cover a range of a storage, or of another view")
  func ranges() {
    let storage = KernelTests.storage(10)
    let view = FloatView(storage, 2..<8)
    #expect(view.count == 6)
    #expect((0..<6).map { view[$0] } == [2, 3, 4, 5, 6, 7])
    let part = view[1..<4]
    #expect((0..<part.count).map { part[$0] } == [3, 4, 5])
    part[0] = -1
    #expect(storage[3] == -1)
    #expect(FloatView(storage).count == 10)
    #expect(view[6..<6].count == 0)
    part.fill(with: 9)
    #expect(storage.array == [0, 1, 2, 9, 9, 9, 6, 7, 8, 9])
    withExtendedLifetime(storage) {}
  }

  @Test("load and store vectors at any element", arguments: 0...8)
  func vectors(index: Int) {
    let storage = KernelTests.storage(17)
    let view = FloatView(storage)
    let ramp = SIMD8<Float>(0, 1, 2, 3, 4, 5, 6, 7) + Float(index)
    #expect(view.load8(index) == ramp)
    #expect(view.load4(index) == ramp.lowHalf)
    view.store(-ramp, index)
    #expect(view.load8(index) == -ramp)
    view.store(SIMD4<Float>(repeating: 0.5), index)
    let expected = (0..<17).map { place -> Float in
      switch place - index {
      case 0..<4: 0.5
      case 4..<8: Float(-place)
      default: Float(place)
      }
    }
    #expect(storage.array == expected)
  }

  @Test("stop the program before an access beyond their memory")
  func bounds() async {
    await #expect(processExitsWith: .failure) {
      _ = FloatStorage(count: 4).map { FloatView($0, 1..<5) }
    }
    await #expect(processExitsWith: .failure) {
      _ = FloatStorage(count: 4).map { FloatView($0)[-1..<2] }
    }
    await #expect(processExitsWith: .failure) {
      _ = FloatStorage(count: 4).map { FloatView($0).checked(5) }
    }
    await #expect(processExitsWith: .success) {
      _ = FloatStorage(count: 4).map { FloatView($0, 0..<4)[0..<4].checked(4) }
    }
  }
}
