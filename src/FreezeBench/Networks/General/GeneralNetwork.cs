using FreezeBench.Kernels;
using FreezeBench.Kernels.Convolutions;
using FreezeBench.Results;
using static TorchSharp.torch;

namespace FreezeBench.Networks.General;

/// <summary>
/// Any module from images to logits, in two stages: the backbone, whatever it is made of, and the head, a module inside it that is called
/// once, at the end. For networks whose split is unknown: enough for a frozen backbone, cached features and fine-tuning of all of it.
/// </summary>
/// <remarks>
/// <para>A module that returns something else than a tensor cannot be passed; wrap it in one that returns the logits alone.</para>
/// <para>The backbone's pass ends where the head would begin: a hook on the head takes its input and leaves the module's forward pass by an
/// exception. So nothing of the head is computed, draws random numbers or becomes part of the graph, and nothing of the module is changed,
/// whatever its forward pass does; the exception costs some ten microseconds.</para>
/// </remarks>
public sealed class GeneralNetwork : INetwork
{
    private readonly LinearHead head;
    private readonly HeadInput input;

    /// <summary>Takes a module over, after one pass of two images that leaves its parameters, buffers and modes as they are.</summary>
    /// <param name="module">On its device; from float32 [N, 3, H, W] to [N, classes]. Disposed by this from now on.</param>
    /// <param name="headName">
    /// Where the head is in the module, as in its state dict: <c>fc</c>, <c>classifier</c>, <c>classifier.6</c>. A linear layer, or a module
    /// with one inside: the last one there is the classifying layer then, and all of the module is the head.
    /// </param>
    /// <param name="classes">Classes that the module was built for.</param>
    /// <param name="resolutionPx">Height and width of the images that it is tried with.</param>
    /// <exception cref="UserErrorException">
    /// There is no such head or no linear layer in it; nothing before it has parameters; the module gives no [N, classes] logits; the head is
    /// not called once; something follows it; or its forward pass throws.
    /// </exception>
    public GeneralNetwork(nn.Module<Tensor, Tensor> module, string headName, int classes, int resolutionPx)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(headName);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(resolutionPx, 1);
        Module = module;
        var found = HeadSearch.Find(module, headName);
        head = found.Classifier;
        var backbone = HeadSearch.Backbone(module, headName, found.Module);
        FeatureCount = HeadProbe.FeaturesOf(module, headName, found.Module, classes, resolutionPx);
        input = new(found.Module);
        Stages = [new(StageNames[0], backbone, Backbone), new(StageNames[1], [found.Module], found.Module.call)];
    }

    /// <summary>Makes a module and takes it over, with faster layers in it where fast kernels are asked for; what the user's code throws is an error of his.</summary>
    internal static GeneralNetwork Of(string name, Func<int, nn.Module<Tensor, Tensor>?> create, string headName, int classes, int resolutionPx, KernelSet kernels)
    {
        var module = ModuleFault.Told($"Network '{name}' cannot be made for {classes} classes", () => create(classes))
            ?? throw new UserErrorException($"Network '{name}' cannot be made for {classes} classes: null was returned in place of a module.");
        // Before the search, which lists its modules.
        if (kernels == KernelSet.Fast)
            FastTraining.Replace(module);
        return new(module, headName, classes, resolutionPx);
    }

    /// <summary>Of every module.</summary>
    public static IReadOnlyList<string> StageNames { get; } = ["backbone", "head"];

    /// <inheritdoc/>
    public nn.Module<Tensor, Tensor> Module { get; }

    /// <inheritdoc/>
    public IReadOnlyList<NetworkStage> Stages { get; }

    /// <inheritdoc/>
    public string HeadName => head.Name;

    /// <inheritdoc/>
    public int Classes => head.Classes;

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        input.Dispose();
        Module.Dispose();
    }

    // What the head gets, in the shape in which it gets it.
    private Tensor Backbone(Tensor images) => input.Of(Module, images);
}
