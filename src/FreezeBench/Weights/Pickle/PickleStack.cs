using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Pickle;

/// <summary>The stack of a pickle machine, with its marks. Nothing below the last mark can be reached.</summary>
/// <param name="what">The name of the pickle in a fault.</param>
internal sealed class PickleStack(string what)
{
    private readonly List<object?> values = [];
    private readonly List<int> marks = [];

    public int Count => values.Count;

    public void Push(object? value) => values.Add(value);

    public void Mark() => marks.Add(values.Count);

    public object? Peek() => values.Count > Floor ? values[^1] : throw Underflow();

    public T Peek<T>(string wanted) => Peek() is T value ? value : throw Wrong(wanted);

    public object? Pop()
    {
        var value = Peek();
        values.RemoveAt(values.Count - 1);
        return value;
    }

    public T Pop<T>(string wanted) => Pop() is T value ? value : throw Wrong(wanted);

    /// <summary>The top values, lowest first.</summary>
    public object?[] Pop(int count)
    {
        if (values.Count - count < Floor) throw Underflow();
        var popped = values.GetRange(values.Count - count, count).ToArray();
        values.RemoveRange(values.Count - count, count);
        return popped;
    }

    /// <summary>Removes the top value; where that is a mark, the mark.</summary>
    public void PopOrUnmark()
    {
        if (marks.Count > 0 && Floor == values.Count) marks.RemoveAt(marks.Count - 1);
        else Pop();
    }

    /// <summary>The values above the last mark, lowest first; the mark goes too.</summary>
    public object?[] PopToMark()
    {
        if (marks.Count == 0) throw Underflow();
        var popped = Pop(values.Count - Floor);
        marks.RemoveAt(marks.Count - 1);
        return popped;
    }

    private int Floor => marks.Count == 0 ? 0 : marks[^1];

    private WeightsFaultException Underflow() => new($"{what} is damaged: it takes more from the stack than it put there.");

    private WeightsFaultException Wrong(string wanted) => new($"{what} is damaged: {wanted} was expected on the stack.");
}
