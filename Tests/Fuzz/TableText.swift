import DataFiles
import DataSources
import Tensors

/// Reads a table of comma-separated text, with classes and with numbers as targets.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let open = { () throws(DataFailure) in
    try TableReader(TableSource(bytes, path: "fuzz.csv"))
  }
  guard let names = try? open().header.names else { return 0 }
  let context = DataContext(directory: "", seed: 1, phase: .train)
  for task in [CSV.Task.classification, .regression] {
    var source = CSV()
    source.file = "fuzz.csv"
    source.target = ColumnNames(Array(names.suffix(1)))
    source.task = task
    guard let dataset = try? source.dataset(of: open(), context, open) else { continue }
    for tensor in dataset.tensors {
      try? tensor.storage.forEachPiece { values, _ in
        for index in values.indices {
          precondition(values[index].isFinite, "a value that is not finite")
        }
        return true
      }
    }
  }
  return 0
}
