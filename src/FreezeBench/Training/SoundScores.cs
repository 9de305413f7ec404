using FreezeBench.Results;
using FreezeBench.Weights.Files;
using static TorchSharp.torch;

namespace FreezeBench.Training;

/// <summary>Looks once at what loaded weights make of images: each of their values can be a number, and the network still be broken.</summary>
internal static class SoundScores
{
    /// <summary>Refuses weights whose class scores overflow, or are the same for images that differ.</summary>
    /// <param name="trainer">Before its first step; nothing of it is changed.</param>
    /// <param name="weights">Where they are from.</param>
    /// <exception cref="UserErrorException">No learning rate would help.</exception>
    internal static void ThrowIfBroken(Trainer trainer, StateDictFile weights)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var batch = trainer.LoadImages();
        var network = trainer.Network;
        network.Eval();
        try
        {
            var scores = network.Forward(batch.Inputs);
            if (!scores.isfinite().all().item<bool>())
                throw new UserErrorException($"The weights file '{weights.Path}' makes class scores of the images that are not finite: its values are too large for this network. Choose other weights; a lower learning rate does not help.");
            if (!Differ(scores) && Differ(batch.Inputs))
                throw new UserErrorException($"The weights file '{weights.Path}' makes the same class scores of every image: its layers pass nothing on. Choose other weights.");
        }
        finally
        {
            network.Train();
        }
    }

    private static bool Differ(Tensor rows) => rows.ne(rows.narrow(0, 0, 1)).any().item<bool>();
}
