#!/bin/sh
# One schema for a whole package, so that xmllint can validate what brama validates: the report's
# schema with the package's shell added. Usage: yardstick.sh REPORT.xsd >PACKAGE.xsd
set -eu
element=$(sed -nE 's/^  <xs:element name="([^"]*)".*/\1/p' "$1" | head -n 1)
sed '/<\/xs:schema>/d' "$1"
cat <<EOF
  <xs:element name="PaczkaSprawozdan">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="Okres" type="Okres"/>
        <xs:element name="Jednostki">
          <xs:complexType>
            <xs:sequence>
              <xs:element name="Jednostka" maxOccurs="unbounded">
                <xs:complexType>
                  <xs:sequence>
                    <xs:element name="Nazwa" type="Nazwa"/>
                    <xs:element name="Typ" type="Symbol"/>
                    <xs:element name="Regon" type="Regon"/>
                    <xs:element name="WK" type="DwieCyfry"/>
                    <xs:element name="PK" type="DwieCyfry"/>
                    <xs:element name="GK" type="DwieCyfry"/>
                    <xs:element name="GT" type="TypGminy"/>
                    <xs:element name="PT" type="JednaCyfra"/>
                    <xs:element name="Sprawozdania">
                      <xs:complexType>
                        <xs:sequence><xs:element ref="$element" maxOccurs="unbounded"/></xs:sequence>
                      </xs:complexType>
                    </xs:element>
                    <xs:element name="Podpisy">
                      <xs:complexType>
                        <xs:sequence>
                          <xs:any processContents="skip" maxOccurs="unbounded"/>
                        </xs:sequence>
                      </xs:complexType>
                    </xs:element>
                  </xs:sequence>
                </xs:complexType>
              </xs:element>
            </xs:sequence>
          </xs:complexType>
        </xs:element>
      </xs:sequence>
      <xs:attribute name="Wersja" type="xs:string" use="required"/>
    </xs:complexType>
  </xs:element>
</xs:schema>
EOF
