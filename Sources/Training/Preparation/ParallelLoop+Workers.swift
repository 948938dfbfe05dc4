package import DataFiles
internal import Kernels
internal import Threads

extension ParallelLoop {
  /// Shares pieces among `threads` threads, which live as long as the loop.
  package init(threads: Int) {
    guard threads > 1 else {
      self = .serial
      return
    }
    let workers = Workers(count: threads)
    self.init(width: threads) { count, body, meanwhile in
      let items = (0..<count).map { index -> Stage.Item in [PreparedLoop { body(index) }] }
      workers.run(Stage(items), meanwhile: meanwhile)
    }
  }
}
