import Glibc
import Testing
import Training

@Suite("The folder of a run") struct RunDirectoryTests {
  @Test("is free when its run ends, though a child of the process has its descriptor still")
  func freed() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    var run: RunDirectory? = try RunDirectory(at: path, overwrites: false)
    let copies = descriptors(of: path).map { dup($0) }
    defer { for copy in copies { close(copy) } }
    #expect(!copies.isEmpty)
    #expect(throws: RunFailure.self) { try RunDirectory(at: path, overwrites: false) }
    run = nil
    _ = run
    _ = try RunDirectory(at: path, overwrites: false)
  }

  /// The descriptors of this process that are open on a file or folder.
  private func descriptors(of path: String) -> [CInt] {
    var wanted = stat()
    guard unsafe stat(path, &wanted) == 0 else { return [] }
    return (0..<1024).filter { descriptor in
      var status = stat()
      return unsafe fstat(descriptor, &status) == 0 && status.st_dev == wanted.st_dev
        && status.st_ino == wanted.st_ino
    }
  }
}
