using System.Reflection;

namespace LeadSens.Server.Api;

/// <summary>The text, or each of the texts, is one of these words. The API document has them as an enumeration of this name, and a query that says another one is refused.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class OneOfAttribute : Attribute
{
    private readonly Type? _known;
    private readonly IReadOnlyList<string> _words = [];

    public OneOfAttribute(string name, params string[] words) => (Name, _words) = (name, words);

    /// <summary>The values of an enum, the words that stand in this list of the type, or <see cref="KnownWords"/>; the enumeration has the type's
    /// name.</summary>
    public OneOfAttribute(Type type, string list = "All")
    {
        Name = type.Name;
        if (type.IsSubclassOf(typeof(KnownWords))) _known = type;
        else _words = type.IsEnum ? Enum.GetNames(type)
            : (IReadOnlyList<string>)type.GetField(list, BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
    }

    public string Name { get; set; }

    public IReadOnlyList<string> WordsIn(IServiceProvider services) => _known is null ? _words : ((KnownWords)services.GetRequiredService(_known)).All;

    public static OneOfAttribute? Of(ICustomAttributeProvider? place) => place?.GetCustomAttributes(typeof(OneOfAttribute), inherit: false).OfType<OneOfAttribute>().FirstOrDefault();
}
