using System.Runtime.CompilerServices;

namespace LeadSens.Sandbox.Data;

/// <summary>Seeded choices by hash: the same seed, subject and question give the same answer in any order and on any thread.</summary>
internal readonly record struct Dice(ulong State)
{
    public static Dice Of(int seed, string subject) => new Dice(Mix((ulong)(uint)seed)).With(subject);

    public Dice With(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in text)
        {
            hash = (hash ^ character) * 1099511628211UL;
        }

        return new Dice(Mix(State ^ hash));
    }

    public Dice With(long number) => new(Mix(State + (ulong)number * 0x9E3779B97F4A7C15UL));

    public int Below(int bound, string question) => (int)(With(question).State % (ulong)bound);

    public T Pick<T>(IReadOnlyList<T> choices, string question) => choices[Below(choices.Count, question)];

    public bool OneIn(int times, string question) => Below(times, question) == 0;

    /// <summary>A number from 0 to 1.</summary>
    public double Share() => (State >> 11) * (1.0 / (1UL << 53));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15UL;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
