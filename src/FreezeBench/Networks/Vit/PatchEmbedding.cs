using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Networks.Vit;

/// <summary>One linear layer for all patches: float32 [N, 3, S, S] to [N, (S/16)^2, width], row by row.</summary>
internal sealed class PatchEmbedding : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d proj;

    // The convolution keeps its default initialisation, as timm's does.
    internal PatchEmbedding(int width) : base(nameof(PatchEmbedding))
    {
        proj = nn.Conv2d(3, width, VitShape.PatchPx, stride: VitShape.PatchPx);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return proj.call(input).flatten(2).transpose(1, 2).MoveToOuterDisposeScope();
    }
}
