using static TorchSharp.torch;

namespace FreezeBench.Features.Heads;

/// <summary>Where a minimisation ended.</summary>
/// <param name="Point">In the caller's dispose scope.</param>
/// <param name="Value">Of the function there.</param>
/// <param name="LargestSlope">Largest absolute component of its gradient there.</param>
/// <param name="Iterations">Directions that were followed.</param>
/// <param name="Converged">Whether the gradient is as small as was asked for.</param>
internal sealed record Minimum(Tensor Point, double Value, double LargestSlope, int Iterations, bool Converged);
