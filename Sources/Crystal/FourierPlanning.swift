internal import Synchronization

private let planning = Mutex(())

/// Makes or destroys plans of Fourier transforms while nobody else does.
///
/// FFTW has one planner for the whole program, which serves one caller at a time; the modules that use it
/// have only this one in common.
///
/// - Parameter body: Makes or destroys the plans.
package func planningFourierTransforms(_ body: () -> Void) {
  planning.withLock { _ in body() }
}
