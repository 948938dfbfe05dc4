import DataFiles

/// Returns the error that `body` throws, or nil.
func failure<Result>(_ body: () throws(DataFailure) -> Result) -> DataFailure? {
  do throws(DataFailure) {
    _ = try body()
    return nil
  } catch {
    return error
  }
}
