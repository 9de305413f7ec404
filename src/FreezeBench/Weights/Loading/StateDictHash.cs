using System.Text;
using static TorchSharp.torch;

namespace FreezeBench.Weights.Loading;

/// <summary>A number for all weights of a network, to tell whether two trainings came to the same bits.</summary>
public static class StateDictHash
{
    /// <summary>SHA-256 over names and raw bytes of all parameters and buffers, in state-dict order, lower-case hex.</summary>
    /// <param name="module">On any device, in any memory format: the elements are taken in C order.</param>
    /// <param name="beside">Further tensors by name, hashed after the module's; null: none.</param>
    public static string Sha256(nn.Module module, IEnumerable<KeyValuePair<string, Tensor>>? beside = null)
    {
        using var hash = new Results.Sha256();
        using var scope = NewDisposeScope();
        foreach (var (name, value) in module.state_dict().Concat(beside ?? []))
        {
            // The 0 ends the name: no two different lists of names and bytes look the same.
            hash.Append(Encoding.UTF8.GetBytes(name + "\0"));
            Append(hash, value);
        }
        return Convert.ToHexStringLower(hash.Finish());
    }

    /// <summary>Appends a tensor's elements in C order.</summary>
    internal static void Append(Results.Sha256 hash, Tensor value)
    {
        using var scope = NewDisposeScope();
        hash.Append(value.detach().cpu().contiguous().bytes);
    }
}
