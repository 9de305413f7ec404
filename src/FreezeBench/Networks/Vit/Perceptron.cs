using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Networks.Vit;

/// <summary>Two linear layers with GELU (the exact one) between them: [N, T, width] to the same.</summary>
internal sealed class Perceptron : nn.Module<Tensor, Tensor>
{
    private readonly Linear fc1;
    private readonly Linear fc2;

    internal Perceptron(int width) : base(nameof(Perceptron))
    {
        fc1 = VitInitialisation.Linear(width, VitShape.Expansion * width);
        fc2 = VitInitialisation.Linear(VitShape.Expansion * width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return fc2.call(nn.functional.gelu(fc1.call(input))).MoveToOuterDisposeScope();
    }
}
