using System.Reflection;

namespace LeadSens.Server.Api;

/// <summary>The text, or each of the texts, is one of these words. The API document has them as an enumeration of this name, and a query that says another one is refused.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class OneOfAttribute : Attribute
{
    public OneOfAttribute(string name, params string[] words) => (Name, Words) = (name, words);

    /// <summary>The values of an enum, or the words that stand in this list of the type; the enumeration has the type's name.</summary>
    public OneOfAttribute(Type type, string list = "All") =>
        (Name, Words) = (type.Name, type.IsEnum ? Enum.GetNames(type) : (IReadOnlyList<string>)type.GetField(list, BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!);

    public string Name { get; set; }

    public IReadOnlyList<string> Words { get; }

    public static OneOfAttribute? Of(ICustomAttributeProvider? place) => place?.GetCustomAttributes(typeof(OneOfAttribute), inherit: false).OfType<OneOfAttribute>().FirstOrDefault();
}
