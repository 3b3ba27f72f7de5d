using System.Text;
using System.Xml;
using System.Xml.Linq;
using LeadSens.Server.Data;
using LeadSens.Server.Secrets;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace LeadSens.Server.Web;

/// <summary>The framework's keys behind cookies and anti-forgery tokens: in the database, so that all nodes have the same, each sealed as a whole.
/// The framework reads and writes synchronously, at the start and about once a day.</summary>
internal sealed class StoredKeys(SystemDatabase database, SecretBox box) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = database.CreateCommand("select id, sealed_key from data_protection_keys order by created_at, id");
        using var rows = command.ExecuteReader();
        var elements = new List<XElement>();
        while (rows.Read()) elements.Add(Parse(box.Open(rows.GetFieldValue<byte[]>(1), Context(rows.GetString(0)))));
        return elements;
    }

    /// <param name="friendlyName"><c>key-{id}</c> or <c>revocation-{…}</c>: the framework gives each its own.</param>
    public void StoreElement(XElement element, string friendlyName)
    {
        var key = box.Seal(Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting)), Context(friendlyName));
        using var command = database.CreateCommand("insert into data_protection_keys (id, sealed_key, created_at) values ($1, $2, clock_now())");
        command.Parameters.Add(new() { Value = friendlyName });
        command.Parameters.Add(new() { Value = key });
        command.ExecuteNonQuery();
    }

    /// <summary>Without a document type: <see cref="XElement.Parse(string)"/> would take one and its entities.</summary>
    private static XElement Parse(byte[] xml)
    {
        using var reader = XmlReader.Create(new MemoryStream(xml), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        return XElement.Load(reader);
    }

    private static string Context(string id) => SealedColumns.DataProtectionKeys.ContextOf(id);
}
