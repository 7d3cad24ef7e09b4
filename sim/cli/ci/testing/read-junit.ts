/**
 * Reads a JUnit file as libxml2 does, and holds it against what the schemas of its readers have in common
 * (Jenkins' xUnit plugin, GitLab, the Ant task): element by element, no attribute that any of them refuses.
 */
import { expect } from 'vitest';
import { validateXML } from 'xmllint-wasm';

const counts = ['tests', 'failures', 'errors'].map((name) => `<xs:attribute name="${name}" type="xs:nonNegativeInteger" use="required"/>`);

const END = `<xs:complexType><xs:simpleContent><xs:extension base="xs:string">
  <xs:attribute name="type" type="xs:string"/><xs:attribute name="message" type="xs:string"/>
</xs:extension></xs:simpleContent></xs:complexType>`;

const SCHEMA = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:simpleType name="seconds"><xs:restriction base="xs:string"><xs:pattern value="[0-9]+\\.[0-9]{3}"/></xs:restriction></xs:simpleType>
<xs:element name="testsuites"><xs:complexType>
  <xs:sequence><xs:element ref="testsuite" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
  <xs:attribute name="name" type="xs:string"/><xs:attribute name="time" type="seconds"/>${counts.join('')}
</xs:complexType></xs:element>
<xs:element name="testsuite"><xs:complexType>
  <xs:sequence>
    <xs:element name="properties"><xs:complexType><xs:sequence>
      <xs:element name="property" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
        <xs:attribute name="name" type="xs:string" use="required"/><xs:attribute name="value" type="xs:string" use="required"/>
      </xs:complexType></xs:element>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element ref="testcase" minOccurs="0" maxOccurs="unbounded"/>
  </xs:sequence>
  <xs:attribute name="name" type="xs:string" use="required"/><xs:attribute name="time" type="seconds"/>
  <xs:attribute name="skipped" type="xs:nonNegativeInteger"/><xs:attribute name="file" type="xs:string"/>${counts.join('')}
</xs:complexType></xs:element>
<xs:element name="testcase"><xs:complexType>
  <xs:choice minOccurs="0"><xs:element name="skipped">${END}</xs:element><xs:element name="failure">${END}</xs:element><xs:element name="error">${END}</xs:element></xs:choice>
  <xs:attribute name="name" type="xs:string" use="required"/><xs:attribute name="classname" type="xs:string" use="required"/>
  <xs:attribute name="time" type="seconds"/>
</xs:complexType></xs:element>
</xs:schema>`;

export async function expectJunit(xml: string): Promise<void> {
  const { valid, errors } = await validateXML({ xml: [{ fileName: 'junit.xml', contents: xml }], schema: [SCHEMA] });
  expect(errors.map(({ message }) => message)).toEqual([]);
  expect(valid).toBe(true);
}
