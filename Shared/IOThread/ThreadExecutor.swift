import Glibc

/// Runs the jobs of one actor, in order, on one dedicated thread, where blocking C calls harm nobody else.
///
/// The thread ends after `stop()`, once its queue is empty. The owning actor calls `stop()` from its `deinit` only: a
/// job keeps its actor alive, so no job can be enqueued after that, and none is ever lost.
public final class ThreadExecutor: SerialExecutor, @unchecked Sendable {
  // @unchecked: `jobs`, `isStopping` and `thread` are read and written with `mutex` held.
  private var jobs: [UnownedJob] = []
  private var isStopping = false
  private var thread = pthread_t()
  // On the heap, because a pthread object may not move.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let hasWork = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  public init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(hasWork, nil)
    start()
  }

  deinit {
    pthread_cond_destroy(hasWork)
    pthread_mutex_destroy(mutex)
    hasWork.deallocate()
    mutex.deallocate()
  }

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    pthread_mutex_lock(mutex)
    jobs.append(job)
    pthread_cond_signal(hasWork)
    pthread_mutex_unlock(mutex)
  }

  public func stop() {
    pthread_mutex_lock(mutex)
    isStopping = true
    pthread_cond_signal(hasWork)
    pthread_mutex_unlock(mutex)
  }

  public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    UnownedSerialExecutor(ordinary: self)
  }

  // Not inlined: glibc declares pthread_self() const, so the optimiser may fold two calls around a thread switch.
  @inline(never)
  public func checkIsolated() {
    pthread_mutex_lock(mutex)
    let own = thread
    pthread_mutex_unlock(mutex)
    precondition(pthread_equal(own, pthread_self()) != 0, "called outside the thread of this executor")
  }

  private func start() {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    // The thread owns the executor until its loop returns.
    let status = pthread_create(
      &thread, nil,
      { context in
        Unmanaged<ThreadExecutor>.fromOpaque(context!).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    precondition(status == 0, "the system refused another thread (errno \(status))")
    pthread_detach(thread)
  }

  private func run() {
    while let batch = nextJobs() {
      for job in batch { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
  }

  private func nextJobs() -> [UnownedJob]? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while jobs.isEmpty {
      if isStopping { return nil }
      pthread_cond_wait(hasWork, mutex)
    }
    defer { jobs.removeAll(keepingCapacity: true) }
    return jobs
  }
}
